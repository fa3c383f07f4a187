import type { Context, InvoiceRef } from '../../context.ts'
import type { Tx } from '../../db/database.ts'
import { notFound, Refusal } from '../../refusal.ts'
import { type InvoiceState, type InvoiceStatus, requireEdge } from './invoice.ts'
import { type Amendment, accountOfInvoice, amendInvoice, uncreditedOf } from './invoice-store.ts'
import { lockAccount, lockInvoice } from './lock.ts'
import { refundedFor } from './payment-store.ts'
import { closeRefunded } from './refund-payment.ts'
import { closing } from './settle-invoice.ts'
import { type CreditNoteTerms, type WrittenCreditNote, writeCreditNote } from './write-credit-note.ts'

export interface CreditNoteOrder extends CreditNoteTerms {
  readonly invoiceId: string
  /** Where it is known; an invoice of another account is not found. */
  readonly accountId?: string
}

export interface IssuedCreditNote extends WrittenCreditNote {
  /** Of the invoice, afterwards. */
  readonly status: InvoiceStatus
}

/**
 * Corrects an invoice that has its number, whole or by lines: what is still due of it first, then what was paid. `lines`
 * give net amounts; their taxes follow exactly.
 */
export async function issueCreditNote(ctx: Context, tx: Tx, order: CreditNoteOrder): Promise<IssuedCreditNote> {
  const accountId = order.accountId ?? (await accountOfInvoice(tx, order.invoiceId))
  if (accountId === undefined) throw notFound()
  await lockAccount(tx, accountId)
  const invoice = await lockInvoice(tx, { id: order.invoiceId, accountId })
  requireEdge(invoice, 'credit')
  // A pro-forma is no document of tax: it is void, or paid and then has its number.
  if (invoice.number === null) throw new Refusal('conflict', { also: ['no_number_yet'] })
  // What is refunded in whole can still get its document, and no second refund.
  if (invoice.status === 'Refunded' && order.payOut === 'credit') throw new Refusal('conflict', { also: ['Refunded'] })
  const note = await writeCreditNote(ctx, tx, invoice, order)
  return { ...note, status: await afterCredit(ctx, tx, invoice, note) }
}

/** What becomes of an invoice that less is due of. */
async function afterCredit(
  ctx: Context,
  tx: Tx,
  invoice: InvoiceState,
  { offMinor }: WrittenCreditNote,
): Promise<InvoiceStatus> {
  if (invoice.status === 'Paid' || invoice.status === 'Refunded') return closeRefunded(ctx, tx, invoice)
  const ref: InvoiceRef = { id: invoice.id, accountId: invoice.accountId }
  const amend = async (change: Amendment) => {
    await amendInvoice(tx, ref, { ...change, creditedMinor: offMinor })
    return change.status
  }
  if (offMinor < invoice.dueMinor) return amend({ status: invoice.status })
  if (invoice.paidMinor === 0n) {
    const status = await amend({ status: 'Cancelled' })
    await ctx.effects.invoiceCancelled(ctx, tx, ref)
    return status
  }
  if ((await uncreditedOf(tx, invoice.id)) > 0n) {
    const status = await amend({ status: 'Paid', ...(await closing(ctx, tx, invoice)) })
    await ctx.effects.invoicePaid(ctx, tx, invoice)
    return status
  }
  // Nothing of it is left, and somebody has paid a part: that has to be on its way back.
  if ((await refundedFor(tx, invoice.id)) < invoice.paidMinor)
    throw new Refusal('conflict', { also: ['refund_payments_first'] })
  const status = await amend({ status: 'Refunded' })
  await ctx.effects.invoiceRefunded(ctx, tx, ref)
  return status
}
