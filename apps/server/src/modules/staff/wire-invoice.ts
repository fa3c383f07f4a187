import { formatAmount, formatPercent } from '@innkeeper/money'
import type { Queryable } from '../../db/database.ts'
import { notFound } from '../../refusal.ts'
import { refundedFor } from '../billing/index.ts'
import { type DocumentRow, selectDocument, selectDocumentLines, stateOfInvoice } from './invoices-store.ts'
import { wireMoment } from './wire.ts'

export function rowOfInvoice(row: DocumentRow) {
  const shown = amountsIn(row)
  return {
    id: row.id,
    kind: row.kind,
    status: row.status,
    number: row.number,
    proforma_number: row.proforma_number,
    client_id: row.account_id,
    currency: row.currency,
    issued_on: row.issued_on,
    due_on: row.due_on,
    paid_at: wireMoment(row.paid_at),
    subtotal: shown(row.subtotal_minor),
    tax: shown(row.all_tax_minor),
    total: shown(row.total_minor),
    paid: shown(row.paid_minor),
    due: shown(row.due_minor),
  }
}

export async function wireInvoice(db: Queryable, id: string) {
  const row = await selectDocument(db, id)
  if (row === undefined) throw notFound()
  const shown = amountsIn(row)
  const lines = await selectDocumentLines(db, id)
  return {
    ...rowOfInvoice(row),
    lines: lines.map(line => ({
      id: line.id,
      type: line.type,
      item_id: line.item_id,
      description: line.description,
      quantity: line.quantity,
      unit_price: shown(line.unit_minor),
      amount: shown(line.amount_minor),
      net: shown(line.net_minor),
      tax: shown(line.tax_minor),
      taxed: line.taxed,
    })),
    taxes: row.tax.map(({ name, percent, base_minor, tax_minor, reason }) => ({
      name,
      percent: formatPercent(percent),
      base: shown(base_minor),
      tax: shown(tax_minor),
      reason,
    })),
    paid_by_credit: shown(row.credit_minor),
    refunded: shown(String(await refundedFor(db, id))),
    payment_method_id: row.payment_method_id,
    notes: row.notes,
    corrects_id: row.corrects_id,
    credit_note_ids: row.credit_note_ids,
    created_at: row.created_at.toISOString(),
    finalised_at: wireMoment(row.finalised_at),
  }
}

/** What became of an invoice by what was done to it. */
export async function wireState(db: Queryable, id: string) {
  const state = await stateOfInvoice(db, id)
  if (state === undefined) throw notFound()
  const { status, dueMinor, currency } = state
  return { status, due: formatAmount(dueMinor, currency), currency: currency.code }
}

function amountsIn({ currency: code, exponent }: DocumentRow): (minor: string) => string {
  return minor => formatAmount(BigInt(minor), { code, exponent })
}
