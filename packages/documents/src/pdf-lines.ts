import type { DocumentLine, InvoiceDocument } from './invoice-document.ts'
import { type Box, drawRule, grey, lineHeight, linesOf, type Sheet, write, writeLines } from './sheet.ts'
import { groupOf, vatGroups } from './vat-breakdown.ts'
import { amountText, rateText } from './words.ts'

const head = { size: 7.5, colour: grey } as const
const text = { size: 9 } as const

interface Columns {
  readonly description: Box
  readonly quantity: Box
  readonly unit: Box
  readonly rate: Box
  readonly amount: Box
}

function columnsOf({ left, right, scale }: Sheet): Columns {
  const widths = { quantity: 44, unit: 76, rate: 42, amount: 80 }
  const place = (name: keyof typeof widths, end: number): Box => {
    const width = widths[name] * scale
    return { x: end - width, width }
  }
  const amount = place('amount', right)
  const rate = place('rate', amount.x)
  const unit = place('unit', rate.x)
  const quantity = place('quantity', unit.x)
  return { description: { x: left, width: quantity.x - left - 6 * scale }, quantity, unit, rate, amount }
}

/** Writes the lines, over as many pages as they take, each with the heads of the columns; answers with where they end. */
export function drawLines(sheet: Sheet, document: InvoiceDocument, y: number, newPage: () => number): number {
  const columns = columnsOf(sheet)
  let at = drawHeads(sheet, document, columns, y)
  for (const line of document.lines) {
    const folded = linesOf(sheet, line.description, text, columns.description.width)
    const height = folded.length * lineHeight(sheet, text) + 5 * sheet.scale
    if (at + height > sheet.bottom) at = drawHeads(sheet, document, columns, newPage())
    drawLine(sheet, document, line, columns, folded, at + 2.5 * sheet.scale)
    at += height
    drawRule(sheet, at)
  }
  return at
}

function drawHeads(sheet: Sheet, { currency, inclusive }: InvoiceDocument, columns: Columns, y: number): number {
  const with_ = inclusive ? ', with tax' : ''
  write(sheet, 'Description', columns.description, y, head)
  write(sheet, 'Quantity', columns.quantity, y, head, 'right')
  write(sheet, 'Unit price', columns.unit, y, head, 'right')
  write(sheet, 'Tax', columns.rate, y, head, 'right')
  write(sheet, `${currency.code}${with_}`, columns.amount, y, head, 'right')
  const end = y + lineHeight(sheet, head) + 2 * sheet.scale
  drawRule(sheet, end, sheet.left, grey)
  return end
}

function drawLine(
  sheet: Sheet,
  { currency, taxes }: InvoiceDocument,
  line: DocumentLine,
  columns: Columns,
  folded: readonly string[],
  y: number,
): void {
  writeLines(sheet, folded, columns.description, y, text)
  write(sheet, line.quantity.replace(/(\.\d*?)0+$/, '$1').replace(/\.$/, ''), columns.quantity, y, text, 'right')
  write(sheet, amountText(line.unitMinor, currency), columns.unit, y, text, 'right')
  write(sheet, rateText(groupOf(line, vatGroups(taxes))), columns.rate, y, text, 'right')
  write(sheet, amountText(line.amountMinor, currency), columns.amount, y, text, 'right')
}
