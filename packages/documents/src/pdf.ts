import { buffer } from 'node:stream/consumers'
import { renderCii } from './cii.ts'
import type { InvoiceDocument, Stationery } from './invoice-document.ts'
import { drawHead } from './pdf-head.ts'
import { drawLines } from './pdf-lines.ts'
import { drawTotals, totalsHeight } from './pdf-totals.ts'
import { grey, openSheet, type Sheet, write } from './sheet.ts'
import { titleOf } from './words.ts'
import { facturXMetadata } from './xmp.ts'

/** The name that Factur-X gives the XML. */
const attachment = 'factur-x.xml'
const small = { size: 7.5, colour: grey } as const

/** So many lines go on one page; longer documents may take more. */
const shortest = 15
/** Tried one after the other until a short document fits on its page. */
const scales = [1, 0.92, 0.84, 0.76, 0.68]

/**
 * The document as PDF/A-3b with its XML inside: what people and programs read comes from the same figures (Factur-X 1.0,
 * which is ZUGFeRD 2).
 */
export function renderPdf(document: InvoiceDocument, stationery: Stationery): Promise<Buffer> {
  for (const scale of document.lines.length <= shortest ? scales : [1]) {
    const sheet = draw(document, stationery, scale)
    if (sheet !== undefined) return finish(sheet, document)
  }
  // Its words are too long for a page, whatever their size.
  return finish(draw(document, stationery, 1, true), document)
}

function draw(document: InvoiceDocument, stationery: Stationery, scale: number, mayGrow: true): Sheet
function draw(document: InvoiceDocument, stationery: Stationery, scale: number, mayGrow?: boolean): Sheet | undefined
/** Undefined: it takes more pages than it may. */
function draw(
  document: InvoiceDocument,
  stationery: Stationery,
  scale: number,
  mayGrow = document.lines.length > shortest,
): Sheet | undefined {
  const title = `${titleOf(document)} ${document.number}`.replaceAll(/[&<>]/g, ' ')
  const createdAt = new Date(`${document.issuedOn}T00:00:00Z`)
  const sheet = openSheet({ paper: stationery.paper, scale, title, createdAt })
  let pages = 1
  const newPage = () => {
    sheet.pdf.addPage()
    pages++
    return sheet.top
  }
  const linesFrom = drawHead(sheet, document, stationery) + 20 * scale
  let end = drawLines(sheet, document, linesFrom, newPage)
  if (end + totalsHeight(sheet, document) > sheet.bottom) end = newPage()
  if (pages > 1 && !mayGrow) return undefined
  drawTotals(sheet, document, end)
  return sheet
}

function finish(sheet: Sheet, document: InvoiceDocument): Promise<Buffer> {
  const { pdf } = sheet
  drawFeet(sheet, document)
  const createdAt = new Date(`${document.issuedOn}T00:00:00Z`)
  const file = {
    name: attachment,
    type: 'text/xml',
    description: 'The same invoice for programs',
    creationDate: createdAt,
    modifiedDate: createdAt,
    relationship: 'Alternative', // Factur-X: the XML says what the pages say
  }
  pdf.file(Buffer.from(renderCii(document)), file)
  // Of the library, and not in its types.
  const { appendXML } = pdf as unknown as { appendXML(this: PDFKit.PDFDocument, xml: string): void }
  appendXML.call(pdf, facturXMetadata(attachment, document.seller.name))
  const content = buffer(pdf)
  pdf.end()
  return content
}

/** Each page says what it belongs to: pages get apart. */
function drawFeet(sheet: Sheet, document: InvoiceDocument): void {
  const { pdf, left, right, bottom, scale } = sheet
  const box = { x: left, width: right - left }
  const { start, count } = pdf.bufferedPageRange()
  for (let page = 0; page < count; page++) {
    pdf.switchToPage(start + page)
    write(sheet, `${document.seller.name} · ${titleOf(document)} ${document.number}`, box, bottom + 6 * scale, small)
    write(sheet, `Page ${page + 1} of ${count}`, box, bottom + 6 * scale, small, 'right')
  }
}
