import type { GatewayDispute, GatewayPayment, GatewayRefund } from '@innkeeper/drivers'
import type { Context } from '../../context.ts'
import type { Tx } from '../../db/database.ts'
import {
  type InvoiceStatus,
  type PaymentState,
  paymentById,
  type ReceivedPayment,
  recordChargeback,
  recordPayment,
  refundPayment,
  reversalByReference,
} from '../billing/index.ts'
import { bookOrPark } from './book-or-park.ts'

/**
 * Books what was given back or taken back of a payment, at the gateway's own pages too. Each has an id of its own there
 * and is booked once. The account is locked. Gives the status of the invoice if any of it changed.
 */
export async function bookReversals(
  ctx: Context,
  tx: Tx,
  paymentId: string,
  { refunds, disputes }: Pick<GatewayPayment, 'refunds' | 'disputes'>,
): Promise<InvoiceStatus | undefined> {
  const payment = await paymentById(tx, paymentId)
  if (payment === undefined) return undefined
  const moved = (what: string) => ({ ...payment, what: `${what} of payment ${payment.id}` })
  let status: InvoiceStatus | null | undefined
  for (const refund of refunds) {
    if (refund.state === 'pending') continue
    // One that failed counts only if it had been booked: the bank sent the money back to us.
    if (refund.state === 'failed' && !(await isBooked(tx, payment, refund))) continue
    status = await bookOrPark(ctx, tx, moved(refund.id), () => giveBack(ctx, tx, payment, refund))
  }
  for (const dispute of disputes) {
    if (dispute.state === 'open') continue
    status = await bookOrPark(ctx, tx, moved(dispute.id), () => takeBack(ctx, tx, payment, dispute))
  }
  return status ?? undefined
}

async function isBooked(tx: Tx, { id, gateway }: PaymentState, refund: GatewayRefund): Promise<boolean> {
  return (await reversalByReference(tx, gateway, refund.id, 'refund'))?.paymentId === id
}

async function giveBack(
  ctx: Context,
  tx: Tx,
  payment: PaymentState,
  { id: externalId, amountMinor, currency, state }: GatewayRefund,
): Promise<InvoiceStatus | null> {
  const refund = {
    paymentId: payment.id,
    amountMinor,
    currency,
    externalId,
    to: 'gateway',
    note: 'Given back at the gateway',
  } as const
  if (state === 'succeeded') return (await refundPayment(ctx, tx, refund)).status
  return returned(ctx, tx, payment, { externalId, amountMinor, currency, note: 'Refund that could not be delivered' })
}

async function takeBack(
  ctx: Context,
  tx: Tx,
  payment: PaymentState,
  dispute: GatewayDispute,
): Promise<InvoiceStatus | null> {
  const { id: externalId, amountMinor, currency, feeMinor } = dispute
  const fee = feeMinor === undefined ? {} : { feeMinor }
  const back = await recordChargeback(ctx, tx, { paymentId: payment.id, amountMinor, currency, externalId, ...fee })
  if (dispute.state !== 'won') return back.status
  return returned(ctx, tx, payment, { externalId, amountMinor, currency, note: 'Dispute won' })
}

/**
 * Money of a payment that had left us is back: a payment of its own, with the name of what had taken it.
 * It can go back again as a part of the first.
 */
async function returned(
  ctx: Context,
  tx: Tx,
  { id: returnsId, accountId, invoiceId, methodId, gateway }: PaymentState,
  money: Pick<ReceivedPayment, 'externalId' | 'amountMinor' | 'currency' | 'note'>,
): Promise<InvoiceStatus | null> {
  const at = ctx.business.now()
  return (await recordPayment(ctx, tx, { accountId, invoiceId, methodId, gateway, at, returnsId, ...money })).status
}
