import type { GatewayPayment } from '@innkeeper/drivers'
import type { Context } from '../../context.ts'
import { separately } from '../../separately.ts'
import { lockAccount, type PaymentState } from '../billing/index.ts'
import { bookReversals } from './book-reversals.ts'

/** Writes down what has become of a payment that is booked. */
export async function bookPayment(ctx: Context, payment: PaymentState, now: GatewayPayment): Promise<void> {
  await separately(ctx, async (apart, tx) => {
    await lockAccount(tx, payment.accountId)
    await bookReversals(apart, tx, payment.id, now)
  })
}
