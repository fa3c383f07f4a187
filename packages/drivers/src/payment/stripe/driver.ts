import Stripe from 'stripe'
import { DriverError } from '../../kit/driver-error.ts'
import type { CheckoutWish, Outcome, PaymentDriver } from '../driver.ts'
import { fromStripe, toStripe } from './amounts.ts'
import { declineOf, isOfState, speaking } from './errors.ts'
import { readStripeEvent } from './event.ts'
import { attemptKey, disputeOf, outcomeOf, refundKey, refundOf, wholeIntent } from './payment.ts'

/** How to get in. */
export interface StripeOptions {
  readonly secretKey: string
  /** Of the webhook endpoint; without one every delivery is refused. */
  readonly webhookSecret?: string
  /** Where its API is, such as `https://api.stripe.com`. */
  readonly url?: string
  readonly timeoutMilliseconds?: number
}

const untold = { refunds: [], disputes: [] }
/** Pages of Stripe's lists. More reversals than this no payment has. */
const limit = 100

/** Stripe: pages of Checkout, charges of kept cards, refunds, webhooks. Throws `misconfigured` for an address that is none. */
export function createStripe(options: StripeOptions): PaymentDriver {
  const { secretKey, webhookSecret, timeoutMilliseconds = 20_000 } = options
  const stripe = new Stripe(secretKey, {
    ...addressOf(options.url ?? 'https://api.stripe.com'),
    timeout: timeoutMilliseconds,
    // Who calls decides whether to try again: each of them has a record of the attempt, and a customer may be waiting.
    maxNetworkRetries: 0,
    telemetry: false,
  })

  async function findIntent(intent: Stripe.PaymentIntent): Promise<Outcome> {
    if (intent.status !== 'succeeded') return outcomeOf(intent, untold)
    const about = { payment_intent: intent.id, limit }
    const disputed = typeof intent.latest_charge === 'object' && intent.latest_charge?.disputed === true
    const refunds = await stripe.refunds.list(about)
    const disputes = disputed ? (await stripe.disputes.list(about)).data : []
    return outcomeOf(intent, { refunds: refunds.data.map(refundOf), disputes: disputes.map(disputeOf) })
  }

  async function find(id: string): Promise<Outcome> {
    if (!id.startsWith('cs_')) return findIntent(await stripe.paymentIntents.retrieve(id, { expand: wholeIntent }))
    const expand = wholeIntent.map(path => `payment_intent.${path}`)
    const { status, payment_intent } = await stripe.checkout.sessions.retrieve(id, { expand })
    if (status === 'expired') return { state: 'failed', reason: 'expired' }
    // The customer may try other cards as long as the page is open, so a decline says nothing yet.
    if (status !== 'complete' || payment_intent === null || typeof payment_intent === 'string') {
      return { state: 'pending' }
    }
    return findIntent(payment_intent)
  }

  return {
    name: 'stripe',
    createCheckout: (key, wish) =>
      speaking(async () => {
        const made = await stripe.checkout.sessions.create(checkoutParams(key, wish), { idempotencyKey: key })
        if (made.url === null) throw new DriverError('refused', `Stripe gave no page for ${made.id}`)
        return { id: made.id, url: made.url, expiresAt: new Date(made.expires_at * 1000) }
      }),
    charge: (key, wish, begun) =>
      speaking(async () => {
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
      }),
    cancel: id =>
      speaking(async () => {
        try {
          if (id.startsWith('cs_')) await stripe.checkout.sessions.expire(id)
          else await stripe.paymentIntents.cancel(id)
        } catch (error) {
          if (!isOfState(error)) throw error
        }
        return find(id)
      }),
    find: id => speaking(() => find(id)),
    refund: (key, paymentId, wish) =>
      speaking(async () => {
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
      }),
    readEvent(delivery) {
      if (webhookSecret === undefined) throw new DriverError('misconfigured', 'payment.stripeWebhookSecret is not set')
      return readStripeEvent({ secret: webhookSecret, live: /^[sr]k_live_/.test(secretKey) }, delivery)
    },
    forgetCard: cardRef =>
      speaking(async () => {
        try {
          await stripe.paymentMethods.detach(cardRef)
        } catch (error) {
          // It is detached already, or of another life of this installation.
          if (!(error instanceof Stripe.errors.StripeInvalidRequestError)) throw error
        }
      }),
  }
}

function checkoutParams(key: string, wish: CheckoutWish): Stripe.Checkout.SessionCreateParams {
  const metadata = { [attemptKey]: key }
  const { amount, currency } = toStripe(wish)
  const keepNew: Stripe.Checkout.SessionCreateParams = wish.saveCard ? { customer_creation: 'always' } : {}
  return {
    mode: 'payment',
    // The customer pays what the invoice says, in its currency.
    adaptive_pricing: { enabled: false },
    line_items: [
      { quantity: 1, price_data: { currency, unit_amount: amount, product_data: { name: wish.description } } },
    ],
    client_reference_id: key,
    metadata,
    // Stripe takes the address of a customer that it knows from its own records.
    ...(wish.customerRef === undefined ? { customer_email: wish.email, ...keepNew } : { customer: wish.customerRef }),
    payment_intent_data: {
      description: wish.description,
      metadata,
      ...(wish.saveCard ? { setup_future_usage: 'off_session' } : {}),
    },
    success_url: wish.returnUrl,
    cancel_url: wish.returnUrl,
    expires_at: Math.floor(wish.expiresAt.getTime() / 1000),
  }
}

function addressOf(url: string): { host: string; port?: string; protocol: 'http' | 'https' } {
  let parsed: URL
  try {
    parsed = new URL(url)
  } catch (error) {
    throw new DriverError('misconfigured', 'the address of the API of Stripe is no URL', { cause: error })
  }
  const { hostname, port, protocol } = parsed
  return {
    host: hostname,
    ...(port === '' ? {} : { port }),
    protocol: protocol === 'http:' ? 'http' : 'https',
  }
}
