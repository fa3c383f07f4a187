import { dayOf, type Minor, shiftDay } from '@innkeeper/money'
import type { Context } from '../../context.ts'
import type { Tx } from '../../db/database.ts'
import { badField, notFound, Refusal } from '../../refusal.ts'
import { audit } from '../audit/index.ts'
import { allows, type InvoiceState, type InvoiceStatus } from './invoice.ts'
import { amendInvoice } from './invoice-store.ts'
import type { Entry, Posting } from './ledger.ts'
import { lockAccount, lockInvoice } from './lock.ts'
import { insertPayment, type PaymentState, paymentById, reversalByReference } from './payment-store.ts'

/** What refunds and chargebacks have in common: money of a payment goes back. */
export interface Reversal {
  readonly kind: 'refund' | 'chargeback'
  readonly paymentId: string
  readonly amountMinor: Minor
  /** Where the gateway says; it has to be that of the payment. */
  readonly currency?: string
  readonly feeMinor: Minor
  readonly externalId: string
  readonly note: string
}

export interface Reversed {
  /** Of the payment's invoice; null where it has none. */
  readonly status: InvoiceStatus | null
  readonly repeated: boolean
}

export interface LockedPayment {
  readonly payment: PaymentState
  readonly invoice: InvoiceState | undefined
  /** What of it still pays the invoice, and what of it became credit and was not taken from there. */
  readonly ofInvoiceMinor: Minor
  readonly ofCreditMinor: Minor
}

/** Locks what a payment belongs to. `repeated`: the gateway told of this reversal before. */
export async function lockForReversal(
  tx: Tx,
  { kind, paymentId, amountMinor, currency, feeMinor, externalId }: Reversal,
): Promise<LockedPayment & { readonly repeated: boolean }> {
  const seen = await paymentById(tx, paymentId)
  if (seen === undefined) throw notFound()
  await lockAccount(tx, seen.accountId)
  const payment = (await paymentById(tx, paymentId)) ?? seen
  const { invoiceId, accountId } = payment
  const invoice = invoiceId === null ? undefined : await lockInvoice(tx, { id: invoiceId, accountId })
  if (currency !== undefined && currency !== payment.currency) throw badField('currency', 'field_format_error')
  if (payment.returnsId !== null) throw new Refusal('conflict', { also: ['returns_another_payment'] })
  const known = await reversalByReference(tx, payment.gateway, externalId, kind)
  // Another one by the same name: taken for that one, nobody would notice that it is not booked.
  if (known !== undefined && (known.paymentId !== paymentId || known.amountMinor !== amountMinor)) throw ofAnother()
  const repeated = known !== undefined
  const wrong = amountMinor <= 0n || amountMinor > payment.amountMinor - payment.reversedMinor || feeMinor < 0n
  if (wrong && !repeated) throw badField('amount', 'field_format_error')
  return {
    payment,
    invoice,
    repeated,
    ofInvoiceMinor: payment.amountMinor - payment.creditedMinor - (payment.reversedMinor - payment.uncreditedMinor),
    ofCreditMinor: payment.creditedMinor - payment.uncreditedMinor,
  }
}

function ofAnother(): Refusal {
  return new Refusal('conflict', { also: ['reference_of_another_payment'] })
}

/** Writes the reversal down, and gives the entry that books it. */
export async function writeReversal(
  ctx: Context,
  tx: Tx,
  payment: PaymentState,
  reversal: Reversal,
  creditedMinor: Minor,
  postings: readonly Posting[],
): Promise<Entry> {
  const { accountId, invoiceId, methodId, gateway, currency, id: reversesId } = payment
  const { kind, amountMinor, feeMinor, externalId, note } = reversal
  const at = ctx.business.now()
  const id = await insertPayment(tx, {
    ...{ accountId, invoiceId, methodId, gateway, currency, reversesId, returnsId: null },
    ...{ kind, amountMinor, feeMinor, externalId, note, creditedMinor, at },
  })
  // A payment of another account, whose lock we do not have, took the name this moment.
  if (id === undefined) throw ofAnother()
  const description = `${kind === 'refund' ? 'Refund' : 'Chargeback'} of payment ${payment.externalId}`
  const event = `payment.${kind}` as const
  await audit(ctx, tx, {
    event,
    description,
    detail: { payment: payment.id, invoice: invoiceId, amount_minor: String(amountMinor), currency },
    accountId,
  })
  return { at, event, key: `${kind}:${gateway}:${externalId}`, description, accountId, currency, postings }
}

/**
 * Paid → Unpaid, or a little more due than before. What was paid is to be paid anew within as many days as an order: its
 * old day is long over, and everything that follows from that would follow at once.
 */
export async function oweAgain(
  ctx: Context,
  tx: Tx,
  invoice: InvoiceState,
  amountMinor: Minor,
  entry: Entry,
): Promise<InvoiceStatus> {
  const status = allows(invoice, 'pay') ? invoice.status : 'Unpaid'
  const reopened = invoice.status === 'Paid'
  const inDays = shiftDay(dayOf(ctx.business.now(), ctx.config.timeZone), ctx.config.billing.dueDays)
  const payBy = reopened && inDays > invoice.dueOn ? { reopenedDueOn: inDays } : {}
  await amendInvoice(tx, invoice, { status, paidMinor: -amountMinor, paidAt: null, ...payBy }, entry)
  if (reopened) await ctx.effects.invoiceReopened(ctx, tx, invoice)
  return status
}
