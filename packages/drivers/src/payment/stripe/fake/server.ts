import { randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { createEvents, type Events } from './events.ts'
import { readForm } from './form.ts'
import { createAnswers, type FakeAnswer } from './idempotency.ts'
import { createMoney, type Money, type TestCard } from './money.ts'
import { type Operation, operationsOf } from './operations.ts'
import { createStore, type StripeObject, StripeRefusal } from './store.ts'

/** What goes wrong with a call. `late`: it is carried out and never answered. `lost`: it is not even carried out. */
export type Mishap = 'late' | 'lost' | 'broken'

/** A Stripe of one test: the parts of its API that the driver uses, as https://docs.stripe.com/api describes them. */
export interface FakeStripe {
  readonly url: string
  readonly secretKey: string
  readonly webhookSecret: string
  readonly events: Events
  /** Every call that arrived: `POST payment_intents`. */
  readonly calls: readonly string[]
  /** Payment intents that took money. */
  captured(): StripeObject[]
  /** A customer with a card that was kept. */
  addCard(behaviour?: TestCard): { customerRef: string; cardRef: string }
  /** What a customer does on the page of a checkout. */
  pay(checkoutId: string, how?: { readonly card?: TestCard; readonly settles?: 'now' | 'later' }): void
  /** The bank says yes, or no, to what settled later. */
  settleLater(checkoutId: string, paid: boolean): void
  money: Money
  object(id: string, object: string): StripeObject
  /** The next `times` calls whose path matches go wrong. */
  mishap(path: RegExp, kind: Mishap, times?: number): void
  /** Every call takes so long. */
  delayMilliseconds: number
  stop(): Promise<void>
}

export async function startFakeStripe(): Promise<FakeStripe> {
  const store = createStore()
  const secretKey = `sk_test_${randomBytes(12).toString('hex')}`
  const webhookSecret = `whsec_${randomBytes(12).toString('hex')}`
  const events = createEvents(store, webhookSecret)
  const money = createMoney(store, events)
  const operations = operationsOf({ store, money, events })
  const answers = createAnswers()
  const calls: string[] = []
  let mishaps: { path: RegExp; kind: Mishap; times: number }[] = []

  function carryOut(operation: Operation, path: string, text: string): FakeAnswer {
    try {
      const form = readForm(text)
      const expand = form.expand()
      const made = operation.run(form, operation.path.exec(path)?.[1] ?? '')
      form.done()
      const shown = Array.isArray(made)
        ? { object: 'list', url: `/v1/${path}`, has_more: false, data: made }
        : store.expand(made, expand)
      return { status: 200, body: JSON.stringify(shown) }
    } catch (error) {
      if (error instanceof StripeRefusal) return { status: error.status, body: JSON.stringify({ error: error.error }) }
      throw error
    }
  }

  async function answer(request: IncomingMessage, text: string): Promise<FakeAnswer | 'never'> {
    const url = new URL(request.url ?? '', 'http://stripe.test')
    const path = url.pathname.replace(/^\/v1\//, '')
    calls.push(`${request.method} ${path}`)
    if (fake.delayMilliseconds > 0) await sleep(fake.delayMilliseconds)
    if (request.headers.authorization !== `Bearer ${secretKey}`)
      throw new StripeRefusal(401, { message: 'Invalid API Key provided' })
    const mishap = mishaps.find(one => one.path.test(path))
    if (mishap !== undefined && --mishap.times === 0) mishaps = mishaps.filter(one => one !== mishap)
    if (mishap?.kind === 'lost') return 'never'
    if (mishap?.kind === 'broken') return { status: 500, body: JSON.stringify({ error: { type: 'api_error' } }) }
    const operation = operations.find(one => one.method === request.method && one.path.test(path))
    if (operation === undefined) throw new StripeRefusal(404, { message: `Unrecognized request URL (${path})` })
    const key = request.headers['idempotency-key']
    const form = request.method === 'GET' ? url.search.slice(1) : text
    const known = typeof key === 'string' ? answers.find(key, `${path} ${form}`) : undefined
    const given = known ?? carryOut(operation, path, form)
    if (typeof key === 'string') answers.keep(key, given)
    return mishap?.kind === 'late' ? 'never' : given
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer) // without an encoding they are
    const given = await answer(request, Buffer.concat(chunks).toString()).catch((error: unknown) => {
      if (!(error instanceof StripeRefusal)) throw error
      return { status: error.status, body: JSON.stringify({ error: error.error }) }
    })
    if (given === 'never') return
    response.writeHead(given.status, { 'content-type': 'application/json' }).end(given.body)
  }

  const server = createServer((request, response) => {
    handle(request, response).catch(error => response.writeHead(500).end(String(error)))
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo // it listens on TCP

  function addCard(behaviour: TestCard = 'pm_card_visa') {
    const customer = store.add('cus', 'customer', {})
    const card = { type: 'card', customer: customer.id, behaviour, card: visa }
    return { customerRef: customer.id, cardRef: store.add('pm', 'payment_method', card).id }
  }

  const fake: FakeStripe = {
    url: `http://127.0.0.1:${port}`,
    secretKey,
    webhookSecret,
    events,
    calls,
    captured: () => store.list('payment_intent', one => one.status === 'succeeded'),
    addCard,
    pay(checkoutId, { card = 'pm_card_visa', settles = 'now' } = {}) {
      const session = store.get(checkoutId, 'checkout.session')
      if (session.status !== 'open') throw new Error(`the page is ${session.status}`)
      const kept = addCard(card)
      const intent = store.add('pi', 'payment_intent', {
        amount: session.amount_total,
        amount_received: 0,
        currency: session.currency,
        customer: session.customer ?? (session.customer_creation === 'always' ? kept.customerRef : null),
        payment_method: kept.cardRef,
        description: session.intent_description,
        metadata: session.intent_metadata,
        status: 'processing',
        setup_future_usage: session.setup_future_usage,
        latest_charge: null,
        last_payment_error: null,
        cancellation_reason: null,
      })
      if (settles === 'now') {
        try {
          money.capture(intent, store.get(kept.cardRef, 'payment_method'))
        } catch (error) {
          if (error instanceof StripeRefusal) return // the page says so, and stays open
          throw error
        }
      }
      const payment_status = settles === 'now' ? 'paid' : 'unpaid'
      Object.assign(session, { status: 'complete', payment_status, payment_intent: intent.id })
      events.happened('checkout.session.completed', session)
    },
    settleLater(checkoutId, paid) {
      const session = store.get(checkoutId, 'checkout.session')
      const intent = store.get(session.payment_intent, 'payment_intent')
      const card = store.get(intent.payment_method, 'payment_method')
      if (paid) {
        money.capture(intent, card)
        session.payment_status = 'paid'
        return events.happened('checkout.session.async_payment_succeeded', session)
      }
      Object.assign(intent, { status: 'requires_payment_method', last_payment_error: { code: 'payment_failed' } })
      events.happened('checkout.session.async_payment_failed', session)
    },
    money,
    object: (id, object) => store.get(id, object),
    mishap: (path, kind, times = 1) => void mishaps.push({ path, kind, times }),
    delayMilliseconds: 0,
    stop() {
      server.closeAllConnections()
      return new Promise(resolve => server.close(() => resolve()))
    },
  }
  return fake
}

const visa = { brand: 'visa', last4: '4242', exp_month: 12, exp_year: 2031 }
