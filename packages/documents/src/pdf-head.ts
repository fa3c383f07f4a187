import type { InvoiceDocument, Stationery } from './invoice-document.ts'
import { type Box, grey, lineHeight, linesOf, type Sheet, widthOf, write, writeLines } from './sheet.ts'
import { factsOf, partyLines, titleOf } from './words.ts'

const name = { size: 12, weight: 'bold' } as const
const title = { size: 19, weight: 'bold' } as const
const label = { size: 7.5, colour: grey } as const
const bold = { size: 9, weight: 'bold' } as const
const text = { size: 9 } as const
const number = { size: 9, colour: grey } as const

/** Writes logo, title, both parties and the facts; answers with where they end. */
export function drawHead(sheet: Sheet, document: InvoiceDocument, stationery: Stationery): number {
  const { left, right, top, scale } = sheet
  const whole = { x: left, width: right - left }
  const below = Math.max(drawMark(sheet, document, stationery), top + lineHeight(sheet, title)) + 22 * scale
  const words = document.isVoid ? `${titleOf(document)} – cancelled` : titleOf(document)
  write(sheet, words, whole, top, title, 'right')
  const gap = 18 * scale
  const width = (whole.width - 2 * gap) / 3
  const column = (index: number): Box => ({ x: left + index * (width + gap), width })
  return Math.max(
    drawParty(sheet, 'From', document.seller, column(0), below),
    drawParty(sheet, 'To', document.buyer, column(1), below),
    drawFacts(sheet, document, column(2), below),
  )
}

/** The logo, or the seller's name where there is none that can be drawn. */
function drawMark(sheet: Sheet, { seller }: InvoiceDocument, { logo }: Stationery): number {
  const { pdf, left, top, scale } = sheet
  const height = 46 * scale
  if (logo !== null) {
    try {
      pdf.image(Buffer.from(logo), left, top, { fit: [190 * scale, height] })
      return top + height
    } catch {
      // Not a PNG or JPEG: an invoice goes out all the same.
    }
  }
  return writeLines(sheet, linesOf(sheet, seller.name, name, 260 * scale), { x: left, width: 260 * scale }, top, name)
}

function drawParty(sheet: Sheet, what: string, party: InvoiceDocument['buyer'], box: Box, y: number): number {
  write(sheet, what, box, y, label)
  const names = linesOf(sheet, party.name || party.contact || party.email, bold, box.width)
  const lines = partyLines(party).flatMap(line => linesOf(sheet, line, text, box.width))
  return writeLines(sheet, lines, box, writeLines(sheet, names, box, y + lineHeight(sheet, label), bold), text)
}

function drawFacts(sheet: Sheet, document: InvoiceDocument, box: Box, y: number): number {
  let at = y + lineHeight(sheet, label)
  for (const [key, value] of factsOf(document)) {
    const fits = widthOf(sheet, `${key}  ${value}`, bold) <= box.width
    write(sheet, key, box, at, number)
    if (!fits) at += lineHeight(sheet, text)
    for (const line of linesOf(sheet, value, bold, box.width)) {
      write(sheet, line, box, at, bold, 'right')
      at += lineHeight(sheet, text)
    }
  }
  return at
}
