import type { StripeObject } from '@innkeeper/drivers/fake-stripe'
import type { FastifyInstance } from 'fastify'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type PaymentsApp, paymentsApp } from '../../../test/payments.ts'
import { waitFor } from '../../../test/wait-for.ts'
import type { InvoiceRef } from '../../context.ts'
import { createHttp } from '../../http/app.ts'
import { registerWebhooks } from '../../http/webhooks.ts'
import { startWorker, type Worker } from '../../jobs/index.ts'
import { auditMoney } from '../billing/index.ts'
import { chargeInvoice, paymentJobs, receiveEvent, startCheckout } from './index.ts'

let app: PaymentsApp
let server: FastifyInstance
let worker: Worker
beforeAll(async () => {
  app = await paymentsApp()
  server = createHttp(app, [])
  registerWebhooks(server, app, receiveEvent)
  worker = await startWorker(app, app.connection, paymentJobs)
})
afterAll(async () => {
  await worker.stop()
  await server.close()
  await app.close()
})

type Sent = { readonly body: Buffer; readonly headers: Readonly<Record<string, string>> }
async function post({ body, headers }: Sent, gateway = 'stripe') {
  const { statusCode } = await server.inject({ method: 'POST', url: `/webhooks/${gateway}`, headers, payload: body })
  return statusCode
}
const deliver = (event: object) => post(app.stripe.events.sign(event))
/** What happened since `work` began. */
async function eventsOf(work: () => unknown): Promise<readonly StripeObject[]> {
  const before = app.stripe.events.all.length
  await work()
  return app.stripe.events.all.slice(before)
}
/** Waits until nothing that was delivered is left to be worked on. */
const worked = () =>
  waitFor(async () => {
    const left = await app.db.selectFrom('inbound_event').select('event_id').where('processed_at', 'is', null).execute()
    return left.length === 0
  })
const stored = async (eventId: string) =>
  app.db.selectFrom('inbound_event').selectAll().where('event_id', '=', eventId).execute()

async function openPage(ref: InvoiceRef): Promise<string> {
  const method = { id: app.methods.stripe, driver: 'stripe' }
  const wish = { method, email: 'ada@example.com', returnUrl: 'https://example.com/paid', saveCard: false }
  const url = await app.act(ctx => startCheckout(ctx, ref, wish))
  return url.split('/').at(-1) ?? ''
}
const charge = (ref: InvoiceRef) => app.act(ctx => chargeInvoice(ctx, ref))

describe('a delivery', () => {
  test('of a payment pays the invoice, however often it comes', async () => {
    const ref = await app.debtor('none')
    const page = await openPage(ref)
    const events = await eventsOf(() => app.stripe.pay(page))
    expect(events.map(({ type }) => type)).toEqual(['payment_intent.succeeded', 'checkout.session.completed'])
    const statuses = await Promise.all([...events, ...events, ...events].map(deliver))
    expect(new Set(statuses)).toEqual(new Set([200]))
    await worked()
    for (const event of events) expect(await deliver(event)).toBe(200)
    await worked()
    expect(await app.status(ref)).toBe('Paid')
    expect(await app.booked(ref)).toEqual(['payment 2480'])
  })

  test('that nobody signed, or somebody else, or that is old, is refused and not stored', async () => {
    const event = { id: 'evt_forged', type: 'checkout.session.completed', livemode: false, data: { object: {} } }
    const { events } = app.stripe
    const good = events.sign(event)
    const old = new Date(app.at.now().getTime() - 3_600_000)
    const refused = [
      events.sign(event, { secret: 'whsec_of_somebody_else' }),
      events.sign(event, { at: old }),
      { ...good, body: Buffer.from(good.body.toString().replace('evt_forged', 'evt_changed')) },
      { body: good.body, headers: { 'content-type': 'application/json' } },
      { body: Buffer.alloc(0), headers: good.headers },
    ]
    for (const one of refused) expect(await post(one)).toBe(400)
    expect(await post({ ...good, body: Buffer.alloc(600 * 1024, ' ') })).toBe(413)
    expect(await post(good, 'paypal')).toBe(404)
    expect(await stored('evt_forged')).toEqual([])
  })

  test('is encrypted where it is stored', async () => {
    const ref = await app.debtor()
    const [event] = await eventsOf(() => charge(ref))
    await deliver(event ?? {})
    const [row] = await stored(event?.id ?? '')
    expect(row?.payload.includes('payment_intent')).toBe(false)
    await worked()
  })

  test('about what is not ours is stored and marked, and changes nothing', async () => {
    const at = Math.floor(app.at.now().getTime() / 1000)
    const intent = { id: 'pi_of_another', object: 'payment_intent', created: at, status: 'succeeded', amount: 2480 }
    const others = [
      { id: 'evt_1', type: 'payment_intent.succeeded', livemode: false, data: { object: { ...intent, metadata: {} } } },
      {
        id: 'evt_2',
        type: 'payment_intent.succeeded',
        livemode: false,
        data: {
          object: { ...intent, metadata: { innkeeper_attempt: '00000000-0000-4000-8000-000000000000' } },
        },
      },
      { id: 'evt_3', type: 'customer.created', livemode: false, data: { object: { id: 'cus_1', object: 'customer' } } },
      { id: 'evt_4', type: 'payment_intent.succeeded', livemode: true, data: { object: { ...intent, metadata: {} } } },
      { id: 'evt_5', type: 'charge.dispute.created', livemode: false, data: { object: { object: 'dispute' } } },
    ]
    for (const event of others) expect(await deliver(event)).toBe(200)
    await worked()
    for (const { id } of others) expect(await stored(id)).toMatchObject([{ error: expect.stringContaining('ours') }])
  })

  test('that the database could not take is not acknowledged, and is worked on when it comes again', async () => {
    const ref = await app.debtor('none')
    const page = await openPage(ref)
    const [, event] = await eventsOf(() => app.stripe.pay(page))
    await sql`alter table inbound_event rename to away`.execute(app.db)
    expect(await deliver(event ?? {})).toBeGreaterThanOrEqual(500)
    await sql`alter table away rename to inbound_event`.execute(app.db)
    expect(await app.status(ref)).toBe('Unpaid')
    expect(await deliver(event ?? {})).toBe(200)
    await worked()
    expect(await app.status(ref)).toBe('Paid')
  })

  test('that overtakes the answer to a charge makes no second payment of it', async () => {
    const refs = await Promise.all(Array.from({ length: 5 }, () => app.debtor()))
    app.stripe.delay(30)
    const charges = refs.map(charge)
    const seen = new Set<string>()
    let charged = false
    const delivering = (async () => {
      while (!charged) {
        for (const event of app.stripe.events.all.filter(({ id }) => !seen.has(id))) {
          seen.add(event.id)
          await deliver(event)
        }
        await new Promise(resolve => setTimeout(resolve, 5))
      }
    })()
    const outcomes = await Promise.all(charges)
    charged = true
    await delivering
    app.stripe.delay(0)
    await worked()
    expect(outcomes).toEqual(refs.map(() => ({ state: 'paid', status: 'Paid' })))
    for (const ref of refs) expect(await app.booked(ref)).toEqual(['payment 2480'])
  })
})

describe('what becomes of a payment later', () => {
  async function paid(): Promise<InvoiceRef & { intent: StripeObject }> {
    const ref = await app.debtor()
    await charge(ref)
    const { external_id } = await app.db
      .selectFrom('payment')
      .select('external_id')
      .where('invoice_id', '=', ref.id)
      .executeTakeFirstOrThrow()
    return { ...ref, intent: app.stripe.object(external_id, 'payment_intent') }
  }

  test('a refund made at the gateway is booked, and all of it refunds the invoice', async () => {
    const ref = await paid()
    const events = await eventsOf(() => {
      app.stripe.money.refund(ref.intent, 1000, {})
      app.stripe.money.refund(ref.intent, 1480, {})
    })
    for (const event of [...events].reverse()) await deliver(event)
    await worked()
    expect(await app.booked(ref)).toEqual(['payment 2480', 'refund 1480', 'refund 1000'])
    expect(await app.status(ref)).toBe('Refunded')
  })

  test('a refund that comes before its payment is known counts after it', async () => {
    const ref = await app.debtor('none')
    const page = await openPage(ref)
    const events = await eventsOf(() => {
      app.stripe.pay(page)
      const intent = app.stripe.object(
        String(app.stripe.object(page, 'checkout.session').payment_intent),
        'payment_intent',
      )
      app.stripe.money.refund(intent, 500, {})
    })
    for (const event of [...events].reverse()) {
      await deliver(event)
      await worked()
    }
    expect(await app.booked(ref)).toEqual(['payment 2480', 'refund 500'])
    expect(await app.status(ref)).toBe('Paid')
  })

  test('a chargeback makes the invoice owed again, and winning it pays it again', async () => {
    const ref = await paid()
    const [created] = await eventsOf(() => app.stripe.money.dispute(ref.intent))
    await deliver(created ?? {})
    await worked()
    expect(await app.status(ref)).toBe('Unpaid')
    expect(await charge(ref)).toEqual({ state: 'no card' }) // the dispute may be won yet
    const { data } = created as unknown as { data: { object: { id: string } } } // as the gateway sends it
    const [closed] = await eventsOf(() =>
      app.stripe.money.closeDispute(app.stripe.object(data.object.id, 'dispute'), 'won'),
    )
    await deliver(closed ?? {})
    await deliver(created ?? {})
    await worked()
    expect(await app.status(ref)).toBe('Paid')
    expect(await app.booked(ref)).toEqual(['payment 2480', 'chargeback 2480', 'payment 2480'])
  })

  test('a page that closed unpaid gives the lease back', async () => {
    const ref = await app.debtor('none')
    const page = await openPage(ref)
    app.stripe.pay(page, { settles: 'later' })
    const [failed] = await eventsOf(() => app.stripe.settleLater(page, false))
    await deliver(failed ?? {})
    await worked()
    expect(await app.status(ref)).toBe('Unpaid')
    expect(await openPage(ref)).not.toBe(page)
  })
})

test('after all of this the books are right', async () => {
  expect(await auditMoney(app.db)).toEqual([])
})
