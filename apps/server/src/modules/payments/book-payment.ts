import type { GatewayPayment } from '@innkeeper/drivers'
import type { Context } from '../../context.ts'
import { separately } from '../../separately.ts'
import { lockAccount, type PaymentState, paymentById, paymentByReference, recordFee } from '../billing/index.ts'
import { bookOrPark } from './book-or-park.ts'
import { bookReversals } from './book-reversals.ts'
import { gatewayOf } from './gateways.ts'

/** Asks the gateway what has become of a payment that is booked, and writes that down. */
export async function lookAtPayment(ctx: Context, gateway: string, externalId: string): Promise<void> {
  const payment = await paymentByReference(ctx.db, gateway, externalId)
  if (payment === undefined) return
  const outcome = await gatewayOf(ctx, gateway).find(externalId)
  if (outcome.state === 'paid') await bookPayment(ctx, payment, outcome.payment)
}

/** Writes down what has become of a payment that is booked. */
export async function bookPayment(ctx: Context, payment: PaymentState, now: GatewayPayment): Promise<void> {
  await separately(ctx, async (apart, tx) => {
    await lockAccount(tx, payment.accountId)
    const { feeMinor } = now
    const fresh = feeMinor === undefined ? undefined : await paymentById(tx, payment.id)
    if (feeMinor !== undefined && fresh !== undefined) {
      const moved = { ...payment, what: `the fee of payment ${payment.id}` }
      await bookOrPark(apart, tx, moved, () => recordFee(apart, tx, fresh, feeMinor))
    }
    await bookReversals(apart, tx, payment.id, now)
  })
}
