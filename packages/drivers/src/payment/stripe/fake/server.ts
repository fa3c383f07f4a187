import { randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Answering, createAnswering } from './answering.ts'
import { type Customers, createCustomers } from './customers.ts'
import { createEvents, type Events } from './events.ts'
import { createMoney, type Money } from './money.ts'
import { createStore, type StripeObject } from './store.ts'

export type { StripeObject }

/** A Stripe of one test: the parts of its API that the driver uses, as https://docs.stripe.com/api describes them. */
export interface FakeStripe extends Customers, Omit<Answering, 'answer'> {
  readonly url: string
  readonly secretKey: string
  readonly webhookSecret: string
  readonly events: Events
  readonly money: Money
  /** Payment intents that took money. */
  captured(): StripeObject[]
  object(id: string, object: string): StripeObject
  stop(): Promise<void>
}

export async function startFakeStripe(now: () => Date = () => new Date()): Promise<FakeStripe> {
  const store = createStore(now)
  const secretKey = `sk_test_${randomBytes(12).toString('hex')}`
  const webhookSecret = `whsec_${randomBytes(12).toString('hex')}`
  const events = createEvents(store, webhookSecret, now)
  const account = { store, events, money: createMoney(store, events), now }
  const { answer, ...answering } = createAnswering(account, secretKey)

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer) // without an encoding they are
    const given = await answer(request, Buffer.concat(chunks).toString())
    if (given === 'never') return
    response.writeHead(given.status, { 'content-type': 'application/json' }).end(given.body)
  }

  const server = createServer((request, response) => {
    handle(request, response).catch(error => response.writeHead(500).end(String(error)))
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo // it listens on TCP
  return {
    ...answering,
    ...createCustomers(account),
    url: `http://127.0.0.1:${port}`,
    secretKey,
    webhookSecret,
    events,
    money: account.money,
    captured: () => store.list('payment_intent', one => one.status === 'succeeded'),
    object: (id, object) => store.get(id, object),
    stop() {
      server.closeAllConnections()
      return new Promise(resolve => server.close(() => resolve()))
    },
  }
}
