import { type InvoiceDocument, referenceText } from '@innkeeper/documents'
import { formatAmount } from '@innkeeper/money'

/** Where amounts end in a letter. Programs that read mail in a proportional font still keep each line to itself. */
const width = 72

/** The lines of a document and what it comes to, as text. */
export function figuresOf(document: InvoiceDocument): string {
  const { lines, currency, inclusive, subtotalMinor, taxMinor, totalMinor } = document
  const row = (name: string, minor: bigint) => {
    const value = `${formatAmount(minor, currency)} ${currency.code}`
    return `${name.replaceAll(/\s+/g, ' ').padEnd(width - value.length - 1)} ${value}`
  }
  const sold = lines.map(({ description, amountMinor }) => row(description, amountMinor))
  const taxes = taxMinor === 0n ? [] : [row('Tax', taxMinor)]
  const net = inclusive || taxes.length > 0 ? [row('Without tax', subtotalMinor)] : []
  return [...sold, '', ...net, ...taxes, row('Total', totalMinor)].join('\n')
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
