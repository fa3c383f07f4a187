import Stripe from 'stripe'
import { DriverError } from '../../kit/driver-error.ts'
import type { Delivery, GatewayEvent } from '../driver.ts'
import { attemptKey } from './payment.ts'

/** Deliveries signed longer ago than this are refused: somebody may have kept one to send it again. */
const toleranceSeconds = 300

export interface EventReader {
  readonly secret: string
  /** Whether our key is for real money; events of the other kind are not about ours. */
  readonly live: boolean
}

/** Checks the signature (https://docs.stripe.com/webhooks/signature) and says what the delivery is about. */
export function readStripeEvent({ secret, live }: EventReader, { body, headers, at }: Delivery): GatewayEvent {
  const signature = headers['stripe-signature']
  if (typeof signature !== 'string') throw new DriverError('refused', 'the delivery is not signed')
  let event: Stripe.Event
  try {
    const signed = Stripe.webhooks.constructEvent(body, signature, secret, toleranceSeconds, undefined, at.getTime())
    event = signed
  } catch {
    // What the library says quotes the delivery.
    throw new DriverError('refused', 'the delivery is not signed with our secret, or was signed too long ago')
  }
  const { id, type, livemode, data } = event
  if (typeof id !== 'string' || typeof type !== 'string') throw new DriverError('refused', 'the delivery is no event')
  const about = livemode === live ? subjectOf(data?.object) : undefined
  return { id, type, ...(about === undefined ? {} : { about }) }
}

/** Checkouts and payment intents as they are; charges, refunds and disputes by the intent that they belong to. */
function subjectOf(object: unknown): GatewayEvent['about'] {
  if (typeof object !== 'object' || object === null) return undefined
  const { object: kind, id, payment_intent, metadata } = object as Readonly<Record<string, unknown>> // each is looked at
  const subject = kind === 'checkout.session' || kind === 'payment_intent' ? id : payment_intent
  if (typeof subject !== 'string') return undefined
  const key = typeof metadata === 'object' && metadata !== null && attemptKey in metadata ? metadata[attemptKey] : ''
  return { id: subject, ...(typeof key === 'string' && key !== '' ? { key } : {}) }
}
