import PDFDocument from 'pdfkit'
import { fold } from './fold.ts'
import { everyFont, runsOf, type Weight } from './fonts.ts'

/** How a text looks. Sizes in points. */
export interface Look {
  readonly size: number
  readonly weight?: Weight
  readonly colour?: string
}

export interface Box {
  readonly x: number
  readonly width: number
}

const ink = '#1c1f23'
export const grey = '#68707a'
const rule = '#c9ced6'

/** The pages of a document, with what is needed to write on them. Lengths in points, from the top left. */
export interface Sheet {
  readonly pdf: PDFKit.PDFDocument
  readonly left: number
  readonly right: number
  readonly top: number
  /** Where the room of the content ends. */
  readonly bottom: number
  /** All sizes are multiplied by it: less than 1 for documents that shall fit on a page. */
  readonly scale: number
}

export interface SheetOptions {
  readonly paper: 'A4' | 'Letter'
  readonly scale: number
  readonly title: string
  readonly createdAt: Date
}

/** An empty document that keeps the rules of PDF/A-3 (ISO 19005-3), level b: it may hold files, and looks the same for ever. */
export function openSheet({ paper, scale, title, createdAt }: SheetOptions): Sheet {
  const margin = 48 * scale
  const pdf = new PDFDocument({
    size: paper === 'A4' ? 'A4' : 'LETTER',
    margins: { top: margin, bottom: 0, left: margin, right: margin },
    bufferPages: true, // the number of pages stands on each
    pdfVersion: '1.7',
    subset: 'PDF/A-3b',
    lang: 'en',
    displayTitle: true,
    // The types want a name; null keeps Helvetica out, which is not embedded.
    font: null as unknown as string,
    info: { Title: title, Creator: 'Innkeeper', Producer: 'PDFKit', CreationDate: createdAt },
  })
  // Open fonts are taken as they are; the types know of files and their content only.
  for (const { name, font } of everyFont()) pdf.registerFont(name, font as unknown as Buffer)
  return {
    pdf,
    left: margin,
    right: pdf.page.width - margin,
    top: margin,
    bottom: pdf.page.height - margin - 14 * scale,
    scale,
  }
}

/** The height of a line of text. */
export function lineHeight({ scale }: Sheet, { size }: Look): number {
  return size * scale * 1.36
}

export function widthOf(sheet: Sheet, text: string, look: Look): number {
  const { pdf, scale } = sheet
  let width = 0
  for (const run of runsOf(text, look.weight ?? 'regular')) {
    width += pdf.font(run.font, look.size * scale).widthOfString(run.text)
  }
  return width
}

/** The lines that a text takes in a width. */
export function linesOf(sheet: Sheet, text: string, look: Look, width: number): string[] {
  return fold(text, width, part => widthOf(sheet, part, look))
}

/** Writes one line; `y` is its top. Aligned right, it ends with the box. */
export function write(
  sheet: Sheet,
  text: string,
  box: Box,
  y: number,
  look: Look,
  align: 'left' | 'right' = 'left',
): void {
  const { pdf, scale } = sheet
  let x = align === 'left' ? box.x : box.x + box.width - widthOf(sheet, text, look)
  // All fonts of the line stand on the same base line.
  const base = y + look.size * scale * 1.02
  pdf.fillColor(look.colour ?? ink)
  for (const run of runsOf(text, look.weight ?? 'regular')) {
    pdf.font(run.font, look.size * scale)
    pdf.text(run.text, x, base, { lineBreak: false, baseline: 'alphabetic' })
    x += pdf.widthOfString(run.text)
  }
}

/** Writes lines below each other, and answers with where they end. */
export function writeLines(sheet: Sheet, lines: readonly string[], box: Box, y: number, look: Look): number {
  let at = y
  for (const line of lines) {
    write(sheet, line, box, at, look)
    at += lineHeight(sheet, look)
  }
  return at
}

/** A line across the page. */
export function drawRule({ pdf, left, right, scale }: Sheet, y: number, from = left, colour = rule): void {
  pdf
    .moveTo(from, y)
    .lineTo(right, y)
    .lineWidth(0.6 * scale)
    .strokeColor(colour)
    .stroke()
}
