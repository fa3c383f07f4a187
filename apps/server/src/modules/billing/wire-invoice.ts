import { amountNumber, formatAmount } from '@innkeeper/money'
import { wireDateTime } from '../../wire-time.ts'
import type { InvoiceLine } from './invoice.ts'
import type { InvoiceRow, WholeInvoice } from './invoice-reads-store.ts'

/** Amounts of a credit note are negative on the wire, so that the sum of a list is what was billed. */
function sign({ kind }: Pick<InvoiceRow, 'kind'>): bigint {
  return kind === 'credit_note' ? -1n : 1n
}

export function wireRow(row: InvoiceRow, timeZone: string) {
  const currency = { code: row.currency, exponent: row.exponent }
  return {
    id: row.id,
    date: row.issued_on,
    dateorig: row.original_on,
    duedate: row.due_on,
    paybefore: row.pay_by,
    total: formatAmount(sign(row) * BigInt(row.total_minor), currency),
    datepaid: wireDateTime(row.paid_at, timeZone),
    status: row.status,
    // The documented answer has it. Nothing merges invoices, so it is null.
    merge_id: row.merged_into_id,
    number: row.number ?? '',
    currency: row.currency,
  }
}

export function wireInvoice(invoice: WholeInvoice, accountId: string, timeZone: string) {
  const amount = (minor: bigint) => amountNumber(sign(invoice) * minor, invoice.currency)
  return {
    id: invoice.id,
    status: invoice.status,
    date: invoice.issuedOn,
    duedate: invoice.dueOn,
    paybefore: invoice.payBy,
    datepaid: wireDateTime(invoice.paidAt, timeZone),
    subtotal: amount(invoice.subtotalMinor),
    credit: amount(invoice.creditMinor),
    tax: amount(invoice.taxMinor),
    taxrate: Number(invoice.taxPercent),
    tax2: amount(invoice.tax2Minor),
    taxrate2: Number(invoice.tax2Percent),
    taxexempt: invoice.exempt ? ('1' as const) : ('0' as const),
    total: amount(invoice.totalMinor),
    rate: Number(invoice.rate),
    // The documents show these two so on every invoice, and no client is known to read them.
    rate2: 0,
    rate3: 1,
    notes: invoice.notes,
    items: invoice.lines.map(line => wireItem(invoice, line)),
    client: wireClient(invoice, accountId),
    number: invoice.number ?? '',
    currency: invoice.currency.code,
  }
}

function wireItem(invoice: WholeInvoice, line: InvoiceLine) {
  const money = (minor: bigint) => formatAmount(sign(invoice) * minor, invoice.currency)
  return {
    id: line.id,
    invoice_id: invoice.id,
    type: line.type,
    item_id: line.itemId,
    description: line.description,
    amount: money(line.unitMinor),
    taxed: line.taxed ? ('1' as const) : ('0' as const),
    qty: Number(line.quantity).toFixed(2),
    linetotal: money(line.amountMinor),
  }
}

const personFields = [
  ...(['firstname', 'lastname', 'companyname', 'address1', 'address2', 'city', 'state', 'postcode'] as const),
  ...(['country', 'phonenumber'] as const),
]

function wireClient({ buyer }: WholeInvoice, id: string) {
  const person = Object.fromEntries(personFields.map(name => [name, buyer[name] ?? '']))
  // Made of all of them, each once.
  return { id, email: buyer.email ?? '', ...(person as Record<(typeof personFields)[number], string>) }
}
