import type { TaxGroup } from '@innkeeper/money'
import type { InvoiceDocument } from './invoice-document.ts'
import { type Box, grey, type Look, lineHeight, linesOf, type Sheet, write, writeLines } from './sheet.ts'
import { exemptions } from './vat-breakdown.ts'
import { amountText, correctionText, moneyText, rateText, referenceText } from './words.ts'

const head = { size: 7.5, colour: grey } as const
const text = { size: 9 } as const
const bold = { size: 9, weight: 'bold' } as const
const due = { size: 11, weight: 'bold' } as const

/** A row of what a document comes to. */
interface Total {
  readonly name: string
  readonly value: string
  readonly look: Look
}

function totalsOf(document: InvoiceDocument): Total[] {
  const { currency, kind, homeTax } = document
  const row = (name: string, minor: bigint, look: Look = text) => ({ name, value: moneyText(minor, currency), look })
  const isNote = kind === 'credit_note'
  return [
    row('Subtotal', document.subtotalMinor),
    ...document.taxes.filter(({ percent }) => percent > 0).map(tax => row(taxName(tax), tax.taxMinor)),
    row(isNote ? 'Total credited' : 'Total', document.totalMinor, isNote ? due : bold),
    ...(document.creditedMinor > 0n && !isNote ? [row('Credited', -document.creditedMinor)] : []),
    ...(document.paidMinor > 0n && !isNote ? [row('Paid', -document.paidMinor)] : []),
    ...(isNote || document.isVoid ? [] : [row('To pay', document.dueMinor, due)]),
    ...(homeTax === null
      ? []
      : [
          {
            name: `Tax in ${homeTax.currency.code}`,
            value: amountText(homeTax.taxMinor, homeTax.currency),
            look: text,
          },
        ]),
  ]
}

function taxName(tax: TaxGroup): string {
  return `${tax.name || 'Tax'} ${rateText(tax)}`
}

/** The height that totals, taxes and what is below them take together. */
export function totalsHeight(sheet: Sheet, document: InvoiceDocument): number {
  return draw({ ...sheet, pdf: sheet.pdf }, document, 0, false)
}

/** Writes totals to the right and taxes by rate to the left, then what else there is to say. */
export function drawTotals(sheet: Sheet, document: InvoiceDocument, y: number): void {
  draw(sheet, document, y, true)
}

function draw(sheet: Sheet, document: InvoiceDocument, y: number, visible: boolean): number {
  const { left, right, scale } = sheet
  const top = y + 10 * scale
  const middle = left + (right - left) * 0.56
  const ends = [
    drawTaxes(sheet, document, { x: left, width: middle - left - 24 * scale }, top, visible),
    drawSums(sheet, document, { x: middle, width: right - middle }, top, visible),
  ]
  let at = Math.max(...ends) + 12 * scale
  for (const part of closingWords(document)) {
    const lines = linesOf(sheet, part, text, right - left)
    if (visible) writeLines(sheet, lines, { x: left, width: right - left }, at, text)
    at += lines.length * lineHeight(sheet, text) + 4 * scale
  }
  return at - y
}

function drawSums(sheet: Sheet, document: InvoiceDocument, box: Box, y: number, visible: boolean): number {
  let at = y
  for (const { name, value, look } of totalsOf(document)) {
    if (visible) {
      write(sheet, name, box, at, look)
      write(sheet, value, box, at, look, 'right')
    }
    at += lineHeight(sheet, look) + 2 * sheet.scale
  }
  return at
}

function drawTaxes(sheet: Sheet, { taxes, currency }: InvoiceDocument, box: Box, y: number, visible: boolean): number {
  const third = box.width / 3
  const cells: Box[] = [0, 1, 2].map(index => ({ x: box.x + index * third, width: third }))
  const [name = box, base = box, tax = box] = cells
  if (visible) {
    write(sheet, 'Tax', name, y, head)
    write(sheet, 'Base', base, y, head, 'right')
    write(sheet, 'Amount', tax, y, head, 'right')
  }
  let at = y + lineHeight(sheet, head) + 2 * sheet.scale
  for (const group of taxes) {
    const words = group.percent > 0 ? taxName(group) : group.reason || taxName(group)
    const lines = linesOf(sheet, words, text, third * 1.25)
    if (visible) {
      writeLines(sheet, lines, name, at, text)
      write(sheet, amountText(group.baseMinor, currency), base, at, text, 'right')
      write(sheet, amountText(group.taxMinor, currency), tax, at, text, 'right')
    }
    at += lines.length * lineHeight(sheet, text)
  }
  return at
}

/** What became of it, the law behind a tax that is not charged, how to pay, and notes. */
function closingWords(document: InvoiceDocument): string[] {
  const { taxes, transfer, dueMinor, notes, kind } = document
  const law = taxes.map(({ category, reason }) => [reason, exemptions[category]?.law ?? ''] as const)
  const pay =
    transfer === null || transfer.iban === '' || dueMinor <= 0n || kind === 'credit_note'
      ? ''
      : [
          `Please transfer to IBAN ${transfer.iban}`,
          ...(transfer.bic === '' ? [] : [`BIC ${transfer.bic}`]),
          ...(transfer.reference === '' ? [] : [`reference ${referenceText(transfer.reference)}`]),
        ].join(', ')
  const reasons = law.flatMap(([reason, words]) => (words === '' ? [] : [`${reason}: ${words}.`]))
  return [correctionText(document), ...reasons, pay, notes].filter(part => part !== '')
}
