import type Stripe from 'stripe'
import type { Outcome } from '../driver.ts'
import { disputeOf, outcomeOf, refundOf, untold, wholeIntent } from './payment.ts'

/** Pages of Stripe's lists. More reversals than this no payment has. */
const limit = 100

/** What became of a payment, or of the page that it was to be made on, with all that was taken back of it. */
export async function find(stripe: Stripe, id: string): Promise<Outcome> {
  if (!id.startsWith('cs_'))
    return findIntent(stripe, await stripe.paymentIntents.retrieve(id, { expand: wholeIntent }))
  const expand = wholeIntent.map(path => `payment_intent.${path}`)
  const { status, payment_intent } = await stripe.checkout.sessions.retrieve(id, { expand })
  if (status === 'expired') return { state: 'failed', reason: 'expired' }
  // The customer may try other cards as long as the page is open, so a decline says nothing yet.
  if (status !== 'complete' || payment_intent === null || typeof payment_intent === 'string') {
    return { state: 'pending' }
  }
  return findIntent(stripe, payment_intent)
}

async function findIntent(stripe: Stripe, intent: Stripe.PaymentIntent): Promise<Outcome> {
  if (intent.status !== 'succeeded') return outcomeOf(intent, untold)
  const about = { payment_intent: intent.id, limit }
  const disputed = typeof intent.latest_charge === 'object' && intent.latest_charge?.disputed === true
  const refunds = await stripe.refunds.list(about)
  const disputes = disputed ? (await stripe.disputes.list(about)).data : []
  return outcomeOf(intent, { refunds: refunds.data.map(refundOf), disputes: disputes.map(disputeOf) })
}
