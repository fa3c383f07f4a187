import type { DriverDescription } from '../../kit/describe.ts'
import type { StripeOptions } from './driver.ts'

/** Stripe as data, for the admin form, the docs page and the registry of drivers. */
export const stripeDescription = {
  name: 'stripe',
  title: 'Cards and what else Stripe takes, on its own pages and from kept cards',
  options: [
    { name: 'secretKey', type: 'text', secret: true, help: 'A secret or restricted key of the account.' },
    {
      name: 'webhookSecret',
      type: 'text',
      secret: true,
      help: 'Signing secret of the webhook endpoint. Without it deliveries are refused, and payments are noticed only when they are asked for.',
    },
    { name: 'url', type: 'url', default: 'https://api.stripe.com', help: 'Where its API is.' },
    { name: 'timeoutMilliseconds', type: 'milliseconds', default: 20_000, help: 'How long one call may take.' },
  ],
  capabilities: ['checkout', 'kept cards', 'refunds', 'disputes', 'fees'],
  settings: [
    {
      name: 'webhook endpoint',
      value: 'publicUrl + /webhooks/stripe',
      why: 'Stripe tells there what became of checkouts, refunds and disputes, and what a charge cost.',
    },
    {
      name: 'events',
      value:
        'checkout.session: completed, expired, async_payment_succeeded, async_payment_failed; payment_intent: succeeded, payment_failed; charge: updated, refunded; refund.failed; charge.dispute: created, funds_withdrawn, funds_reinstated, closed',
      why: 'Others are stored and have no effect.',
    },
  ],
  limits: [
    'Amounts in BHD, JOD, KWD, OMR and TND have to end in 0: Stripe charges these currencies to two decimals.',
    'Each currency has a least amount, about half a euro.',
    'An idempotency key is remembered for 24 hours at least.',
  ],
  links: [
    'https://docs.stripe.com/api',
    'https://docs.stripe.com/webhooks/signature',
    'https://docs.stripe.com/currencies',
  ],
} as const satisfies DriverDescription<keyof StripeOptions>
