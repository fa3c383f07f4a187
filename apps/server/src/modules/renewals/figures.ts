import { type InvoiceDocument, referenceText } from '@innkeeper/documents'
import { formatAmount } from '@innkeeper/money'

/** Where amounts end in a letter. Programs that read mail in a proportional font still keep each line to itself. */
const width = 72

/** The lines of a document, what it comes to and what is left of that to pay, as text. */
export function figuresOf(document: InvoiceDocument): string {
  const { kind, lines, currency, inclusive, subtotalMinor, taxMinor, totalMinor } = document
  const { creditedMinor, paidMinor, dueMinor } = document
  const row = (name: string, minor: bigint) => rowOf(name, `${formatAmount(minor, currency)} ${currency.code}`)
  const sold = lines.map(({ description, amountMinor }) => row(description, amountMinor))
  const taxes = taxMinor === 0n ? [] : [row('Tax', taxMinor)]
  const net = inclusive || taxes.length > 0 ? [row('Without tax', subtotalMinor)] : []
  const credited = creditedMinor > 0n ? [row('Credited', -creditedMinor)] : []
  const paid = paidMinor > 0n ? [row('Paid', -paidMinor)] : []
  const settled = kind === 'credit_note' ? [] : [...credited, ...paid]
  const left = settled.length === 0 ? [] : [...settled, row('To pay', dueMinor)]
  return [...sold, '', ...net, ...taxes, row('Total', totalMinor), ...left].join('\n')
}

/** A name that reaches where amounts stand has its amount on the next line. */
function rowOf(name: string, value: string): string {
  const text = name.replaceAll(/\s+/g, ' ')
  const room = width - value.length - 2
  return text.length > room ? `${text}\n${value.padStart(width)}` : `${text.padEnd(room)}  ${value}`
}

/** Where a transfer goes, and what has to stand on it; empty where nothing can be transferred. */
export function howToPay({ transfer, dueMinor, currency, seller }: InvoiceDocument): string {
  if (transfer === null || dueMinor <= 0n) return ''
  return [
    'To pay by bank transfer:',
    `  Amount     ${formatAmount(dueMinor, currency)} ${currency.code}`,
    `  To         ${seller.name}`,
    `  IBAN       ${transfer.iban}`,
    ...(transfer.bic === '' ? [] : [`  BIC        ${transfer.bic}`]),
    `  Reference  ${referenceText(transfer.reference)}`,
  ].join('\n')
}
