import { randomUUID } from 'node:crypto'
import { type Currency, type Minor, sum } from '@innkeeper/money'
import type { Context } from '../../context.ts'
import { notFound, Refusal } from '../../refusal.ts'
import { rehearse } from '../../separately.ts'
import { currencyOf, paymentById, refundPayment } from '../billing/index.ts'
import { refundThroughGateway } from '../payments/index.ts'
import { readAmount } from './amounts.ts'
import { stateOfInvoice } from './invoices-store.ts'
import { openPaymentsOf } from './payments-store.ts'

export interface RefundOrder {
  /** Decimal amount; undefined: what has not gone back yet. */
  readonly amount?: string | undefined
  readonly to: 'gateway' | 'credit'
  readonly note?: string | undefined
}

export interface Refunded {
  readonly state: 'refunded' | 'unknown'
  readonly amountMinor: Minor
  readonly currency: Currency
  readonly invoiceId: string | null
}

/**
 * Gives a payment back. What no gateway of ours can carry out (a transfer, cash) somebody has handed back by themselves,
 * and it is only booked.
 */
export async function refund(ctx: Context, paymentId: string, { amount, to, note }: RefundOrder): Promise<Refunded> {
  const payment = await paymentById(ctx.db, paymentId)
  const currency = payment && (await currencyOf(ctx.db, payment.currency))
  if (payment === undefined || currency === undefined) throw notFound()
  const { invoiceId } = payment
  const asked = amount === undefined ? undefined : readAmount('amount', amount, currency)
  if (goesBackByItself(ctx, to, payment))
    return { ...(await refundThroughGateway(ctx, { paymentId, amountMinor: asked, note })), currency, invoiceId }
  const left = payment.amountMinor - payment.reversedMinor
  if (left === 0n) throw new Refusal('conflict', { also: ['refunded_already'] })
  const amountMinor = asked ?? left
  const wish = { paymentId, amountMinor, ...(note === undefined ? {} : { note }) }
  await refundPayment(ctx, await ctx.begin(), { ...wish, externalId: `staff:${randomUUID()}`, to })
  return { state: 'refunded', amountMinor, currency, invoiceId }
}

/**
 * Gives back what has not gone back yet of all payments of an invoice. Those of gateways first, each of which commits by
 * itself: the request's own transaction locks the account once it books another.
 */
export async function refundInvoice(
  ctx: Context,
  invoiceId: string,
  order: Omit<RefundOrder, 'amount'>,
): Promise<Omit<Refunded, 'invoiceId'>> {
  const invoice = await stateOfInvoice(ctx.db, invoiceId)
  if (invoice === undefined) throw notFound()
  const payments = await openPaymentsOf(ctx.db, invoiceId)
  if (payments.length === 0) throw new Refusal('conflict', { also: ['nothing_to_refund'] })
  const { to } = order
  await rehearse(ctx, async (apart, tx) => {
    for (const { id: paymentId, leftMinor: amountMinor } of payments)
      await refundPayment(apart, tx, { paymentId, amountMinor, externalId: `rehearsal:${paymentId}`, to })
  })
  const byGateway = payments.filter(payment => goesBackByItself(ctx, to, payment))
  const byHand = payments.filter(payment => !byGateway.includes(payment))
  const refunds: Refunded[] = []
  for (const { id } of [...byGateway, ...byHand]) refunds.push(await refund(ctx, id, order))
  return {
    state: refunds.some(({ state }) => state === 'unknown') ? 'unknown' : 'refunded',
    amountMinor: sum(refunds.map(({ amountMinor }) => amountMinor)),
    currency: invoice.currency,
  }
}

/** Whether one of our gateways carries it out. */
function goesBackByItself(ctx: Context, to: RefundOrder['to'], { gateway }: { readonly gateway: string }): boolean {
  return to === 'gateway' && ctx.gateways.has(gateway)
}
