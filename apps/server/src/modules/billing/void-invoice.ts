import { randomUUID } from 'node:crypto'
import type { Context, InvoiceRef } from '../../context.ts'
import type { Tx } from '../../db/database.ts'
import { Refusal } from '../../refusal.ts'
import { audit } from '../audit/index.ts'
import { type InvoiceState, nameOf, requireEdge } from './invoice.ts'
import { amendInvoice, uncreditedOf } from './invoice-store.ts'
import type { Entry } from './ledger.ts'
import { lockAccount, lockInvoice } from './lock.ts'
import { writeCreditNote } from './write-credit-note.ts'

/**
 * Unpaid or in collections → Cancelled, where no money was paid. Credit that was applied is the client's again. A number is kept, and a
 * credit note takes back what the document said.
 */
export async function voidInvoice(ctx: Context, tx: Tx, ref: InvoiceRef, reason: string): Promise<void> {
  await lockAccount(tx, ref.accountId)
  const invoice = await lockInvoice(tx, ref)
  requireEdge(invoice, 'void')
  if (invoice.paidMinor > invoice.creditMinor) throw new Refusal('conflict', { also: ['refund_payments_first'] })
  // A part of it was credited while it was paid, and the payment is gone: what the client got for it stays owed.
  const owed = invoice.dueMinor + invoice.creditMinor
  if (owed !== (await uncreditedOf(tx, invoice.id))) throw new Refusal('conflict', { also: ['credited_already'] })
  const unpaid = await returnCredit(ctx, tx, invoice)
  const change = { status: 'Cancelled', creditedMinor: unpaid.dueMinor } as const
  if (invoice.number === null) await amendInvoice(tx, ref, change, voidEntry(ctx, unpaid))
  else {
    // One of 0 has nothing to take back.
    if (unpaid.dueMinor > 0n) await writeCreditNote(ctx, tx, unpaid, { lines: 'all', payOut: 'none', reason })
    await amendInvoice(tx, ref, change)
  }
  await audit(ctx, tx, {
    event: 'invoice.void',
    description: `${nameOf(invoice)} cancelled: ${reason}`,
    detail: { invoice: invoice.id },
    accountId: invoice.accountId,
  })
  await ctx.effects.invoiceCancelled(ctx, tx, ref)
}

/** Gives credit that paid a part of it back to the client; the invoice as it is then. */
async function returnCredit(ctx: Context, tx: Tx, invoice: InvoiceState): Promise<InvoiceState> {
  const { id: invoiceId, accountId, creditMinor, currency } = invoice
  if (creditMinor === 0n) return invoice
  const entry: Entry = {
    ...{ at: ctx.business.now(), event: 'credit.return', accountId, currency: currency.code },
    key: `invoice:${invoiceId}:return:${randomUUID()}`,
    description: `Credit back from ${nameOf(invoice)}`,
    postings: [
      { ledger: 'receivable', amountMinor: creditMinor, invoiceId },
      { ledger: 'credit', amountMinor: -creditMinor, invoiceId },
    ],
  }
  await amendInvoice(tx, invoice, { status: invoice.status, paidMinor: -creditMinor, creditMinor: -creditMinor }, entry)
  return { ...invoice, creditMinor: 0n, paidMinor: 0n, dueMinor: invoice.dueMinor + creditMinor }
}

/** A pro-forma is no document of tax: the books alone take it back. */
function voidEntry(ctx: Context, invoice: InvoiceState): Entry {
  const { id: invoiceId, accountId, currency } = invoice
  return {
    ...{
      at: ctx.business.now(),
      event: 'invoice.void',
      key: `invoice:${invoiceId}:void`,
      accountId,
      currency: currency.code,
    },
    description: `${nameOf(invoice)} is void`,
    postings: [
      { ledger: 'revenue', amountMinor: invoice.subtotalMinor, invoiceId },
      { ledger: 'tax', amountMinor: invoice.taxMinor + invoice.tax2Minor, invoiceId },
      { ledger: 'receivable', amountMinor: -invoice.dueMinor, invoiceId },
    ],
  }
}
