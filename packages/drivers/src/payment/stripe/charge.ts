import type Stripe from 'stripe'
import type { Outcome, PaymentDriver } from '../driver.ts'
import { toStripe } from './amounts.ts'
import { declineOf } from './errors.ts'
import { attemptKey, outcomeOf, untold, wholeIntent } from './payment.ts'

type Charge = Parameters<PaymentDriver['charge']>

/** In two steps, so that the payment has a name that the caller knows before any money moves. */
export async function charge(stripe: Stripe, ...[key, wish, begun]: Charge): Promise<Outcome> {
  const intent = await stripe.paymentIntents.create(
    {
      ...toStripe(wish),
      customer: wish.customerRef,
      payment_method: wish.cardRef,
      allowed_payment_method_types: ['card'],
      description: wish.description,
      metadata: { [attemptKey]: key },
    },
    { idempotencyKey: key },
  )
  await begun(intent.id)
  try {
    const confirmed = await stripe.paymentIntents.confirm(
      intent.id,
      { off_session: true, error_on_requires_action: true, expand: wholeIntent },
      { idempotencyKey: `${key}:confirm` },
    )
    return outcomeOf(confirmed, untold)
  } catch (error) {
    const reason = declineOf(error)
    if (reason === undefined) throw error
    return { state: 'failed', reason }
  }
}
