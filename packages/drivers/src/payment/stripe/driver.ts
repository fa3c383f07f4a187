import Stripe from 'stripe'
import { DriverError } from '../../kit/driver-error.ts'
import type { CheckoutWish, PaymentDriver } from '../driver.ts'
import { toStripe } from './amounts.ts'
import { charge } from './charge.ts'
import { isOfState, speaking } from './errors.ts'
import { readStripeEvent } from './event.ts'
import { find } from './find.ts'
import { attemptKey } from './payment.ts'
import { refund } from './refund.ts'

/** How to get in. */
export interface StripeOptions {
  readonly secretKey: string
  /** Of the webhook endpoint; without one every delivery is refused. */
  readonly webhookSecret?: string
  /** Where its API is, such as `https://api.stripe.com`. */
  readonly url?: string
  readonly timeoutMilliseconds?: number
}

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

  return {
    name: 'stripe',
    createCheckout: (key, wish) =>
      speaking(async () => {
        const made = await stripe.checkout.sessions.create(checkoutParams(key, wish), { idempotencyKey: key })
        if (made.url === null) throw new DriverError('refused', `Stripe gave no page for ${made.id}`)
        return { id: made.id, url: made.url, expiresAt: new Date(made.expires_at * 1000) }
      }),
    charge: (key, wish, begun) => speaking(() => charge(stripe, key, wish, begun)),
    cancel: id =>
      speaking(async () => {
        try {
          if (id.startsWith('cs_')) await stripe.checkout.sessions.expire(id)
          else await stripe.paymentIntents.cancel(id)
        } catch (error) {
          if (!isOfState(error)) throw error
        }
        return find(stripe, id)
      }),
    find: id => speaking(() => find(stripe, id)),
    refund: (key, paymentId, wish) => speaking(() => refund(stripe, key, paymentId, wish)),
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
