import { type Delivery, DriverError, type GatewayEvent, type PaymentDriver } from '@innkeeper/drivers'
import { Type } from 'typebox'
import { Value } from 'typebox/value'
import type { App, Context } from '../../context.ts'
import { enqueue } from '../../jobs/index.ts'
import { asSystem } from '../../operator.ts'
import { Refusal } from '../../refusal.ts'
import { paymentByReference } from '../billing/index.ts'
import { attemptByExternalId, attemptByKey } from './attempt-store.ts'
import { bookPayment } from './book-payment.ts'
import { concludeAttempt } from './conclude-attempt.ts'
import { insertEvent, markProcessed, unprocessedEvent } from './event-store.ts'
import { gatewayOf } from './gateways.ts'
import { eventKey, eventKind } from './job-kinds.ts'

/** What ciphertexts of deliveries are bound to. */
const purpose = 'payments.event'

/** What is kept of a delivery besides the gateway's own words. */
const Stored = Type.Object({
  about: Type.Optional(Type.Object({ id: Type.String(), key: Type.Optional(Type.String()) })),
  body: Type.String(),
})

/**
 * Takes a delivery: stores it, once, and leaves the rest to a job. Once this has resolved the gateway may forget it; until
 * then it delivers again. Who did not sign it learns nothing.
 */
export async function receiveEvent(app: App, name: string, delivery: Delivery): Promise<void> {
  const gateway = app.gateways.get(name)
  if (gateway === undefined) throw new Refusal('invalid method')
  const { id: eventId, type, about } = readEvent(gateway, delivery)
  const stored = JSON.stringify({ about, body: delivery.body.toString('base64') })
  await asSystem(app, async ctx => {
    const tx = await ctx.begin()
    const isNew = await insertEvent(tx, {
      ...{ gateway: name, eventId, type, receivedAt: delivery.at },
      payload: app.secrets.encrypt(purpose, stored),
      ignoredBecause: about === undefined ? 'it is about nothing of ours' : null,
    })
    if (isNew && about !== undefined)
      await enqueue(tx, eventKind, { gateway: name, eventId }, { key: eventKey({ gateway: name, eventId }) })
  })
}

function readEvent(gateway: PaymentDriver, delivery: Delivery): GatewayEvent {
  try {
    return gateway.readEvent(delivery)
  } catch (error) {
    if (error instanceof DriverError && error.kind === 'refused') throw new Refusal('bad_request')
    throw error
  }
}

/**
 * Works on a stored delivery. It only says what to look at: what has become of that is asked of the gateway, so that
 * deliveries may come late, twice and in any order.
 */
export async function processEvent(ctx: Context, name: string, eventId: string): Promise<void> {
  const payload = await unprocessedEvent(ctx.db, name, eventId)
  if (payload === undefined) return
  const stored: unknown = JSON.parse(ctx.secrets.decrypt(purpose, payload).toString())
  if (!Value.Check(Stored, stored)) throw new Error(`event ${eventId} is not stored as it should be`)
  const error = stored.about === undefined ? 'it is about nothing of ours' : await lookInto(ctx, name, stored.about)
  await markProcessed(ctx.db, name, eventId, ctx.clock.now(), error)
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** Null: it is booked. Otherwise why there is nothing to book. */
async function lookInto(
  ctx: Context,
  name: string,
  { id, key }: NonNullable<GatewayEvent['about']>,
): Promise<string | null> {
  const gateway = gatewayOf(ctx, name)
  const byKey = key !== undefined && uuid.test(key) ? await attemptByKey(ctx.db, key) : undefined
  const attempt = byKey?.driver === name ? byKey : await attemptByExternalId(ctx.db, name, id)
  if (attempt !== undefined) {
    // What we know it by at the gateway: of a page, not the charges that were tried on it.
    await concludeAttempt(ctx, attempt, await gateway.find(attempt.externalId ?? id))
    return null
  }
  const payment = await paymentByReference(ctx.db, name, id)
  if (payment === undefined) return 'no attempt and no payment of ours has this name'
  const outcome = await gateway.find(id)
  if (outcome.state === 'paid') await bookPayment(ctx, payment, outcome.payment)
  return null
}
