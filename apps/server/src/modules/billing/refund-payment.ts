import { least, type Minor } from '@innkeeper/money'
import type { Context } from '../../context.ts'
import type { Tx } from '../../db/database.ts'
import { Refusal } from '../../refusal.ts'
import { audit } from '../audit/index.ts'
import { type InvoiceState, type InvoiceStatus, nameOf } from './invoice.ts'
import { amendInvoice } from './invoice-store.ts'
import { creditOf, insertEntry } from './ledger-store.ts'
import { refundedFor } from './payment-store.ts'
import { lockForReversal, oweAgain, type Reversed, writeReversal } from './reversal.ts'

export interface Refund {
  readonly paymentId: string
  readonly amountMinor: Minor
  /** Where the gateway says; it has to be that of the payment. */
  readonly currency?: string
  /** What the gateway calls the refund: the same one a second time is not booked. */
  readonly externalId: string
  readonly to: 'gateway' | 'credit'
  readonly note?: string
}

/**
 * Gives a payment back, whole or in part: first what of it is still credit, then what paid the invoice. An invoice that is
 * paid stays so, until all of it was given back; one that is not yet paid is owed that much more again.
 */
export async function refundPayment(ctx: Context, tx: Tx, refund: Refund): Promise<Reversed> {
  const { amountMinor, to } = refund
  const reversal = { kind: 'refund', feeMinor: 0n, note: '', ...refund } as const
  const { payment, invoice, repeated, ofInvoiceMinor, ofCreditMinor } = await lockForReversal(tx, reversal)
  if (repeated) return { status: invoice?.status ?? null, repeated }
  const { accountId, currency, invoiceId, gateway } = payment
  const credit = to === 'credit' || ofCreditMinor === 0n ? 0n : await creditOf(tx, accountId, currency)
  const fromCredit = least(amountMinor, least(ofCreditMinor, credit))
  const fromInvoice = amountMinor - fromCredit
  // It was overpaid, and what became credit is spent or is to stay credit.
  if (fromInvoice > ofInvoiceMinor) throw new Refusal('insufficient_credit')
  const closed = invoice?.status === 'Paid' || invoice?.status === 'Refunded'
  if (closed && fromInvoice > invoice.paidMinor - (await refundedFor(tx, invoice.id)))
    throw new Refusal('conflict', { also: ['refunded_already'] })
  const entry = await writeReversal(ctx, tx, payment, reversal, fromCredit, [
    { ledger: closed ? 'refunds' : 'receivable', amountMinor: fromInvoice, invoiceId },
    { ledger: 'credit', amountMinor: to === 'credit' ? -amountMinor : fromCredit, invoiceId },
    { ledger: `clearing:${gateway}`, amountMinor: to === 'credit' ? 0n : -amountMinor, invoiceId },
  ])
  if (invoice !== undefined && fromInvoice > 0n && !closed)
    return { status: await oweAgain(ctx, tx, invoice, fromInvoice, entry), repeated }
  await insertEntry(tx, entry)
  return { status: invoice === undefined ? null : await closeRefunded(ctx, tx, invoice), repeated }
}

/** Refunded, once all that was paid has gone back. */
export async function closeRefunded(ctx: Context, tx: Tx, invoice: InvoiceState): Promise<InvoiceStatus> {
  if (invoice.status !== 'Paid' || invoice.paidMinor === 0n) return invoice.status
  if ((await refundedFor(tx, invoice.id)) < invoice.paidMinor) return invoice.status
  await amendInvoice(tx, invoice, { status: 'Refunded' })
  await audit(ctx, tx, {
    event: 'invoice.refunded',
    description: `${nameOf(invoice)} refunded`,
    detail: { invoice: invoice.id },
    accountId: invoice.accountId,
  })
  await ctx.effects.invoiceRefunded(ctx, tx, { id: invoice.id, accountId: invoice.accountId })
  return 'Refunded'
}
