import type Stripe from 'stripe'
import { DriverError } from '../../kit/driver-error.ts'
import type { PaymentDriver } from '../driver.ts'
import { fromStripe, toStripe } from './amounts.ts'
import { refundKey, refundOf } from './payment.ts'

/** Stripe gives back in the currency of the payment, whatever it is told: another one is an error here. */
export async function refund(stripe: Stripe, ...[key, paymentId, wish]: Parameters<PaymentDriver['refund']>) {
  const { amount, currency } = toStripe(wish)
  const made = await stripe.refunds.create(
    { payment_intent: paymentId, amount, metadata: { [refundKey]: key } },
    { idempotencyKey: key },
  )
  if (made.currency !== currency) {
    const { currency: actual } = fromStripe(made.amount, made.currency)
    throw new DriverError('refused', `${paymentId} is a payment in ${actual}, not in ${wish.currency}`)
  }
  return refundOf(made)
}
