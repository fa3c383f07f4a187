import { randomUUID } from 'node:crypto'
import { addPeriod, anchorDayOf, type CartLine, type Cycle, priceCart, startOfDay } from '@innkeeper/money'
import { fixedClock } from '../src/clock.ts'
import type { Config } from '../src/config.ts'
import type { App, Context, InvoiceRef, SignedInContext } from '../src/context.ts'
import type { Tx } from '../src/db/database.ts'
import { issueInvoice, recordPayment, settleInvoice } from '../src/modules/billing/index.ts'
import {
  billPeriods,
  createServices,
  endAsAsked,
  type ServiceConfig,
  settleChanges,
} from '../src/modules/services/index.ts'
import { taxTreatment } from '../src/modules/tax/index.ts'
import { asSystem } from '../src/operator.ts'
import { runSweep } from '../src/sweep.ts'
import { type TestApp, testApp } from './app.ts'
import { seedAccount } from './seed.ts'

/** A product that test services are of, with one field of disk sizes and one of addresses. */
export interface TestProduct {
  readonly id: string
  readonly disk: { readonly id: string; readonly small: string; readonly large: string }
  readonly addresses: { readonly id: string; readonly item: string }
}

export interface Bought {
  readonly id: string
  readonly accountId: string
  readonly invoiceId: string
}

export interface Shop extends TestApp {
  readonly at: ReturnType<typeof fixedClock>
  readonly accountId: string
  /** 10.00 a month or 100.00 a year; the large disk 4.00 and 5.00 once, each address 1.00. */
  readonly basic: TestProduct
  /** 30.00 a month or 300.00 a year, 20.00 once; `basic` can become it and the reverse. */
  readonly premium: TestProduct
  run<T>(work: (ctx: Context, tx: Tx) => Promise<T>): Promise<T>
  /** The same as the owner of the account. */
  asOwner<T>(work: (ctx: SignedInContext) => Promise<T>): Promise<T>
  order(product: TestProduct, cycle?: Cycle, config?: ServiceConfig): Promise<Bought>
  pay(invoice: InvoiceRef): Promise<void>
  /** Ordered and paid. */
  buy(product: TestProduct, cycle?: Cycle, config?: ServiceConfig): Promise<Bought>
  /** A day of the business clock, at noon. */
  goTo(day: string): void
}

/** An App with two products and an account, whose business clock stands at noon of 1 November 2026. */
export async function shop(settings: Partial<Config> = {}, provisioner = 'none'): Promise<Shop> {
  const at = fixedClock(new Date('2026-11-01T12:00:00Z'))
  const app = await testApp(settings, at)
  const { accountId, identity } = await seedAccount(app)
  const { basic, premium } = await addProducts(app, provisioner)
  const run: Shop['run'] = work => asSystem(app, async ctx => work(ctx, await ctx.begin()))
  const pay: Shop['pay'] = invoice => payDue(app, invoice)
  const order: Shop['order'] = (product, cycle = 'm', config = {}) =>
    run((ctx, tx) => orderOf(ctx, tx, { accountId, product, cycle, config }))
  return {
    ...app,
    ...{ at, accountId, basic, premium, run, pay, order },
    asOwner: work => asSystem(app, ctx => work({ ...ctx, identity })),
    async buy(...what) {
      const bought = await order(...what)
      await pay({ id: bought.invoiceId, accountId })
      return bought
    },
    goTo(day) {
      at.advance(Date.parse(`${day}T12:00:00Z`) - at.now().getTime())
    },
  }
}

/** The two products, each of which can become the other. */
export async function addProducts(app: App, provisioner = 'none') {
  const basic = await addProduct(app, 'Basic', provisioner, { d: [50, 0], m: [1000, 0], q: [2900, 0], a: [10000, 0] })
  const premium = await addProduct(app, 'Premium', provisioner, {
    d: [150, 0],
    m: [3000, 2000],
    q: [8700, 2000],
    a: [30000, 2000],
  })
  const pairs = [
    { product_id: basic.id, target_id: premium.id },
    { product_id: premium.id, target_id: basic.id },
  ]
  await app.db.insertInto('product_upgrade').values(pairs).execute()
  return { basic, premium }
}

/** Orders a service of a product and pays for it. */
export async function buyService(
  app: App,
  accountId: string,
  product: TestProduct,
  cycle: Cycle = 'm',
): Promise<Bought> {
  const what = { accountId, product, cycle, config: {} }
  const bought = await asSystem(app, async ctx => orderOf(ctx, await ctx.begin(), what))
  await payDue(app, { id: bought.invoiceId, accountId })
  return bought
}

/** Pays what is due of an invoice. */
async function payDue(app: App, { id: invoiceId, accountId }: InvoiceRef): Promise<void> {
  const { total_minor, paid_minor, credited_minor, currency } = await app.db
    .selectFrom('invoice')
    .where('id', '=', invoiceId)
    .selectAll()
    .executeTakeFirstOrThrow()
  const amountMinor = BigInt(total_minor) - BigInt(paid_minor) - BigInt(credited_minor)
  if (amountMinor === 0n) return
  const payment = { accountId, invoiceId, methodId: null, gateway: 'manual', externalId: randomUUID() }
  await asSystem(app, async ctx =>
    recordPayment(ctx, await ctx.begin(), { ...payment, amountMinor, currency, at: ctx.business.now() }),
  )
}

interface Purchase {
  readonly accountId: string
  readonly product: TestProduct
  readonly cycle: Cycle
  readonly config: ServiceConfig
}

async function orderOf(ctx: Context, tx: Tx, { accountId, product, cycle, config }: Purchase): Promise<Bought> {
  const { timeZone } = ctx.config
  const row = await tx.selectFrom('product').where('id', '=', product.id).selectAll().executeTakeFirstOrThrow()
  const price = await tx
    .selectFrom('price')
    .where('currency', '=', 'EUR')
    .where('cycle', '=', cycle)
    .where(eb =>
      eb.or([
        eb('product_id', '=', product.id),
        eb('item_id', 'in', [...Object.values(config).flatMap(items => Object.keys(items)), '0']),
      ]),
    )
    .select(({ fn }) => fn.sum<string>('price_minor').as('all'))
    .executeTakeFirstOrThrow()
  const priceMinor = BigInt(price.all)
  const startsAt = startOfDay(ctx.business.now(), timeZone)
  const line: CartLine = {
    ...{ key: 'bought', type: 'Hosting', description: row.name, cycle, taxed: true },
    charges: [{ label: row.name, quantity: 1, unitMinor: priceMinor, setupMinor: 0n }],
  }
  const [id = ''] = await createServices(ctx, tx, [
    {
      ...{ accountId, productId: product.id, name: 'www.example.com', currency: 'EUR', cycle, config },
      ...{ priceMinor, firstPaymentMinor: priceMinor, startsAt },
    },
  ])
  const tax = await taxTreatment(ctx, tx, accountId)
  const currency = { code: 'EUR', exponent: 2 } as const
  const priced = priceCart({ currency, lines: [{ ...line, itemId: id }], tax })
  const invoice = await issueInvoice(ctx, tx, { accountId, priced })
  const [item] = invoice.lines
  const endsAt = addPeriod(startsAt, cycle, anchorDayOf(startsAt, timeZone), timeZone)
  const period = { accountId, serviceId: id, lineId: item?.id ?? null, reason: 'order', startsAt, endsAt } as const
  await billPeriods(ctx, tx, [{ ...period, netMinor: item?.netMinor ?? 0n }])
  await settleInvoice(ctx, tx, { id: invoice.id, accountId })
  return { id, accountId, invoiceId: invoice.id }
}

type Prices = Readonly<Record<string, readonly [price: number, setup: number]>>

async function addProduct({ db }: App, name: string, provisioner: string, prices: Prices): Promise<TestProduct> {
  const { id } = await db
    .insertInto('product')
    .values({ name, paytype: 'Regular', features: ['dns'], provisioner })
    .returning('id')
    .executeTakeFirstOrThrow()
  await addPrices(db, { product_id: id }, prices)
  const disk = await addField(db, id, 'disk', 'select')
  const small = await addItem(db, disk, 'small', {})
  const large = await addItem(db, disk, 'large', { d: [20, 0], m: [400, 500], q: [1200, 500], a: [4000, 500] })
  const addresses = await addField(db, id, 'addresses', 'qty')
  const item = await addItem(db, addresses, 'address', { d: [5, 0], m: [100, 0], q: [300, 0], a: [1000, 0] })
  return { id, disk: { id: disk, small, large }, addresses: { id: addresses, item } }
}

async function addField(db: App['db'], product: string, key: string, type: string): Promise<string> {
  const field = { product_id: product, key, type, title: key, maximum: type === 'qty' ? 9 : null }
  return (await db.insertInto('form_field').values(field).returning('id').executeTakeFirstOrThrow()).id
}

async function addItem(db: App['db'], field: string, key: string, prices: Prices): Promise<string> {
  const item = { field_id: field, key, title: key, selected: key === 'small' }
  const { id } = await db.insertInto('form_item').values(item).returning('id').executeTakeFirstOrThrow()
  await addPrices(db, { item_id: id }, prices)
  return id
}

async function addPrices(
  db: App['db'],
  thing: { readonly product_id: string } | { readonly item_id: string },
  prices: Prices,
): Promise<void> {
  for (const [cycle, [price, setup]] of Object.entries(prices)) {
    const row = { ...thing, currency: 'EUR', cycle, price_minor: price, setup_minor: setup }
    await db.insertInto('price').values(row).execute()
  }
}

/** What time alone does to services. */
export async function sweepServices(app: App, signal?: AbortSignal): Promise<void> {
  await runSweep(app, settleChanges, signal)
  await runSweep(app, endAsAsked, signal)
}
