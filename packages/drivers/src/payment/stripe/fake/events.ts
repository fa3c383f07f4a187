import Stripe from 'stripe'
import type { Store, StripeObject } from './store.ts'

/** A delivery as the real one would send it. */
export interface SignedDelivery {
  readonly id: string
  readonly type: string
  readonly body: Buffer
  readonly headers: Readonly<Record<string, string>>
}

/** What happened, in order; each can be delivered as often as a test likes. */
export interface Events {
  happened(type: string, about: StripeObject): void
  readonly all: readonly StripeObject[]
  /** Signs an event of the list, or one made up. */
  sign(event: object, how?: { readonly at?: Date; readonly secret?: string }): SignedDelivery
}

export function createEvents(store: Store, webhookSecret: string, now: () => Date): Events {
  const all: StripeObject[] = []
  return {
    all,
    happened(type, about) {
      const event = store.add('evt', 'event', {
        type,
        data: { object: { ...about } },
        api_version: '2026-10-28.endive',
      })
      all.push(event)
    },
    sign(event, { at = now(), secret = webhookSecret } = {}) {
      const payload = JSON.stringify(event)
      const timestamp = Math.floor(at.getTime() / 1000)
      const signature = Stripe.webhooks.generateTestHeaderString({ payload, secret, timestamp })
      const { id = '', type = '' } = event as { id?: string; type?: string } // made-up ones may lack both
      const headers = { 'content-type': 'application/json; charset=utf-8', 'stripe-signature': signature }
      return { id, type, body: Buffer.from(payload), headers }
    },
  }
}
