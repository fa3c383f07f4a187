import { type Day, dayOf, shiftDay, shiftMonths } from '@innkeeper/money'
import type { App, Identity, SignedInContext } from '../context.ts'
import { recordPayment } from '../modules/billing/index.ts'
import { orderHandlers } from '../modules/orders/index.ts'
import { cancelAtPeriodEnd, serviceHandlers } from '../modules/services/index.ts'
import { asSystem } from '../operator.ts'
import { Refusal } from '../refusal.ts'
import {
  type Customer,
  countLive,
  type Habits,
  insertCustomer,
  keepersOfCredit,
  openCustomers,
  type Payable,
  payableOn,
  productIdsByKey,
  someService,
} from './customers-store.ts'
import type { Random } from './random.ts'

/** People who order, pay in their own ways, change their minds and go. */
export interface Customers {
  /** What they do on the day that the business clock shows. */
  live(): Promise<void>
  /** How often the program said no to what they wanted. */
  refused(): number
}

/** Cycles of what is ordered, as often as they stand here. */
const cycles = ['m', 'm', 'm', 'm', 'm', 'm', 'q', 'a', 'a', 'a', 'b'] as const
const products = [
  { key: 'web-s', becomes: ['web-m', 'web-l'], cycles: ['m', 'a', 'b'] },
  { key: 'web-m', becomes: ['web-l'], cycles: ['m', 'q', 'a', 'b'] },
  { key: 'web-l', becomes: [], cycles: ['m', 'a'] },
  { key: 'vps-1', becomes: ['vps-2'], cycles: ['m', 'a'] },
  { key: 'dns-ten', becomes: [], cycles: ['m', 'a'] },
] as const
const countries = ['EE', 'EE', 'EE', 'DE', 'FR', 'FI', 'US', 'CH']

/** `services` is how many they have in all once everybody has come, which takes a month and a half. */
export async function openSimulatedCustomers(app: App, random: Random, services: number): Promise<Customers> {
  await openCustomers(app.db)
  const ids = await productIdsByKey(app.db)
  const newest: Customer[] = []
  let count = 0
  let refused = 0

  async function unlessRefused(work: () => Promise<unknown>): Promise<void> {
    try {
      await work()
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      refused++
    }
  }

  async function come(today: Day): Promise<Customer> {
    const customer = await insertCustomer(app.db, ++count, app.business.now(), habitsOf(random, today))
    newest.push(customer)
    if (newest.length > 50) newest.shift()
    return customer
  }

  async function order(today: Day): Promise<void> {
    const { identity } = newest.length === 0 || random.chance(0.6) ? await come(today) : random.one(newest)
    const product = random.one(products)
    const cycle = random.one(cycles.filter(each => (product.cycles as readonly string[]).includes(each)))
    await unlessRefused(() =>
      as(app, identity, ctx =>
        orderHandlers.orderProduct(ctx, {
          product_id: ids.get(product.key) ?? '',
          cycle,
          domain: `host${random.below(1_000_000_000)}.example`,
          ...(random.chance(0.1) ? { promocode: 'WELCOME10' } : {}),
        }),
      ),
    )
  }

  async function change(): Promise<void> {
    const service = await someService(app.db, random.next())
    const becomes = products.find(({ key }) => key === service?.productKey)?.becomes ?? []
    if (service === undefined || becomes.length === 0) return
    const wish = {
      id: service.id,
      package: ids.get(random.one<string>(becomes)) ?? '',
      apply: random.chance(0.7) ? ('now' as const) : ('renewal' as const),
      send: true,
    }
    await unlessRefused(() => as(app, service.identity, ctx => serviceHandlers.upgradeService(ctx, wish)))
  }

  async function leave(): Promise<void> {
    const service = await someService(app.db, random.next())
    if (service === undefined) return
    const ref = { id: service.id, accountId: service.identity.accountId }
    await unlessRefused(() =>
      as(app, service.identity, async ctx => cancelAtPeriodEnd(ctx, await ctx.begin(), ref, 'no longer needed')),
    )
  }

  return {
    refused: () => refused,
    async live() {
      const today = dayOf(app.business.now(), app.config.timeZone)
      await payAll(app, random, today)
      if (/-(?:01|04|07|10)-01$/.test(today)) await topUp(app, random, today)
      const missing = services - (await countLive(app.db))
      for (let n = Math.min(missing, Math.ceil(services / 45)); n > 0; n--) await order(today)
      for (let n = timesOf(random, services / 1_000); n > 0; n--) await change()
      for (let n = timesOf(random, services / 2_000); n > 0; n--) await leave()
    },
  }
}

function habitsOf(random: Random, today: Day): Habits {
  const kind = random.next()
  const paysAfter = kind < 0.6 ? -random.below(6) : kind < 0.8 ? 0 : kind < 0.95 ? 1 + random.below(14) : 0
  return {
    paysAfter,
    keepsCredit: random.chance(0.05),
    // Some stop paying one day and never say a word.
    paysUntil: random.chance(0.1) ? shiftDay(shiftMonths(today, random.below(30), 1), -1) : null,
    country: random.one(countries),
  }
}

function timesOf(random: Random, average: number): number {
  return Math.floor(average) + (random.chance(average % 1) ? 1 : 0)
}

/** In full, or half of what is due; now and then too much. Several at a time, as it is with bank transfers. */
async function payAll(app: App, random: Random, today: Day): Promise<void> {
  const payments = (await payableOn(app.db, today)).map(invoice => ({
    ...invoice,
    amountMinor: paidOf(random, invoice),
  }))
  const waiting = payments.values()
  const work = async () => {
    for (const { id, accountId, amountMinor, currency } of waiting) {
      await receive(app, { accountId, invoiceId: id, externalId: `${id} ${today}`, amountMinor, currency })
    }
  }
  await Promise.all(Array.from({ length: 4 }, work))
}

function paidOf(random: Random, { dueMinor }: Payable): bigint {
  if (random.chance(0.03) && dueMinor > 1n) return dueMinor / 2n
  return random.chance(0.02) ? dueMinor + 100n : dueMinor
}

type Received = Parameters<typeof recordPayment>[2]

async function receive(
  app: App,
  payment: Pick<Received, 'accountId' | 'invoiceId' | 'externalId' | 'amountMinor' | 'currency'>,
): Promise<void> {
  const received = { ...payment, methodId: null, gateway: 'bank', at: app.business.now() }
  await asSystem(app, async ctx => recordPayment(ctx, await ctx.begin(), received))
}

/** Who keeps credit pays in every quarter, and has invoices paid out of that. */
async function topUp(app: App, random: Random, today: Day): Promise<void> {
  for (const { accountId, currency } of await keepersOfCredit(app.db)) {
    const amountMinor = BigInt(5_000 + random.below(15_000))
    await receive(app, { accountId, invoiceId: null, externalId: `${accountId} ${today}`, amountMinor, currency })
  }
}

function as<T>(app: App, identity: Identity, work: (ctx: SignedInContext) => Promise<T>): Promise<T> {
  return asSystem(app, ctx => work({ ...ctx, identity }))
}
