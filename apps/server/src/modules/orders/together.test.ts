import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Answer, type Customer, signUp } from '../../../test/buyer.ts'
import { type FullServer, fullServer } from '../../../test/full-server.ts'
import { openShop, type Shop } from '../../../test/shop.ts'
import { addCredit, applyCredit } from '../billing/index.ts'

let full: FullServer
let shop: Shop
let unlimited: FullServer
beforeAll(async () => {
  full = await fullServer()
  shop = await openShop(full.app)
  unlimited = await fullServer({ billing: { ...full.app.config.billing, maxOpenOrders: 0 } })
})
afterAll(async () => {
  await unlimited.close()
  await full.close()
})

const ordersOf = (accountId: string) =>
  full.app.db.selectFrom('orders').selectAll().where('account_id', '=', accountId).execute()
const customers = (count: number) => Promise.all(Array.from({ length: count }, () => signUp(full)))
const wins = (answers: readonly Answer[]) => answers.filter(answer => answer.status === 200)

/** What an order leaves behind, whoever placed it. */
async function traces(): Promise<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const table of [
    'orders',
    'service',
    'invoice',
    'invoice_line',
    'billed_period',
    'ledger_entry',
    'domain',
  ] as const) {
    const [row] = await full.app.db
      .selectFrom(table)
      .select(({ fn }) => fn.countAll<string>().as('count'))
      .execute()
    counts[table] = Number(row?.count)
  }
  return counts
}

test('fifty equal orders under one key are one order, and fifty equal answers', async () => {
  const customer = await signUp(full)
  const product = await shop.product({ prices: { m: [999] } })
  const headers = { 'idempotency-key': 'one-intent' }
  const order = () => customer.post(`/order/${product}`, { cycle: 'm' }, headers)
  const answers = await Promise.all(Array.from({ length: 50 }, order))
  expect(new Set(answers.map(answer => `${answer.status} ${answer.text}`)).size).toBe(1)
  expect(answers[0]?.status, answers[0]?.text).toBe(200)
  expect(await ordersOf(customer.accountId)).toHaveLength(1)
})

test('an account has no more open orders than may be, however many it sends at once, and paying makes room', async () => {
  const limited = await fullServer({ billing: { ...full.app.config.billing, maxOpenOrders: 3 } })
  try {
    const store = await openShop(limited.app)
    const product = await store.product({ prices: { m: [999] } })
    const nothing = await store.product({ prices: { m: [0] } })
    const [customer, other] = [await signUp(limited), await signUp(limited)]
    const statuses = () =>
      limited.app.db.selectFrom('orders').select('status').where('account_id', '=', customer.accountId).execute()
    const order = (each: Customer, id = product) => each.post(`/order/${id}`, { cycle: 'm' })
    const answers = await Promise.all(Array.from({ length: 12 }, () => order(customer)))
    expect(wins(answers)).toHaveLength(3)
    for (const { status, json } of answers)
      if (status !== 200) expect([status, json.error]).toEqual([409, ['conflict', 'open_orders']])
    expect(await statuses()).toHaveLength(3)
    // Others have room of their own, and what is not left open takes none.
    expect((await order(other)).status).toBe(200)
    expect((await order(customer, nothing)).status).toBe(200)
    const items = [product, product, product].map(product_id => ({ type: 'product', product_id, cycle: 'm' }))
    expect((await other.post('/order', { items, ignore_errors: true })).json.error).toEqual(['conflict', 'open_orders'])

    const [invoice] = await limited.app.db
      .selectFrom('invoice')
      .select('id')
      .where('account_id', '=', customer.accountId)
      .orderBy('id')
      .execute()
    await customer.run(async ctx => {
      const [tx, accountId] = [await ctx.begin(), customer.accountId]
      await addCredit(ctx, tx, {
        accountId,
        amountMinor: 999n,
        currency: 'EUR',
        key: 'paid in',
        description: 'Paid in',
      })
      await applyCredit(ctx, tx, { accountId, invoiceId: invoice?.id ?? '' })
    })
    expect((await order(customer)).status).toBe(200)
    expect((await order(customer)).status).toBe(409)
  } finally {
    await limited.close()
  }
})

test('without a limit any number of orders is open', async () => {
  const customer = await signUp(unlimited)
  const product = await (await openShop(unlimited.app)).product({ prices: { m: [999] } })
  for (let count = 0; count < 60; count++)
    expect((await customer.post(`/order/${product}`, { cycle: 'm' })).status, String(count)).toBe(200)
})

test('of twenty orders for the last piece one gets it, and the others leave nothing behind', async () => {
  const product = await shop.product({ prices: { m: [999] }, more: { stock: 1 } })
  const before = await traces()
  const answers = await Promise.all((await customers(20)).map(each => each.post(`/order/${product}`, { cycle: 'm' })))
  expect(wins(answers)).toHaveLength(1)
  for (const { status, json } of answers)
    if (status !== 200)
      expect([status, json.error, json.fields]).toEqual([
        409,
        ['conflict', 'out_of_stock'],
        { product_id: ['conflict'] },
      ])
  const after = await traces()
  expect(after).toEqual({
    ...before,
    orders: n(before.orders, 1),
    service: n(before.service, 1),
    invoice: n(before.invoice, 1),
    invoice_line: n(before.invoice_line, 1),
    billed_period: n(before.billed_period, 1),
    ledger_entry: n(before.ledger_entry, 1),
  })
  const { stock } = await full.app.db
    .selectFrom('product')
    .select('stock')
    .where('id', '=', product)
    .executeTakeFirstOrThrow()
  expect(stock).toBe(0)
}, 60_000)

test('a code that is good three times is good for three of ten parallel orders', async () => {
  const product = await shop.product({ prices: { m: [999] } })
  await shop.promo({ code: 'THREE', kind: 'percent', percent: 50, max_uses: 3 })
  const answers = await Promise.all(
    (await customers(10)).map(each => each.post(`/order/${product}`, { cycle: 'm', promocode: 'THREE' })),
  )
  expect(wins(answers)).toHaveLength(3)
  for (const { status, json } of answers) if (status !== 200) expect(json.error).toEqual(['coupon_not_exist'])
}, 60_000)

test('of ten parallel orders of one name one gets it', async () => {
  const tld = await shop.tld('.example', { register: [950], transfer: [950], renew: [1200] })
  const line = { type: 'domain', tld_id: tld, name: 'wanted.example', action: 'register', years: 1 }
  const answers = await Promise.all((await customers(10)).map(each => each.post('/order', { items: [line] })))
  expect(wins(answers)).toHaveLength(1)
  for (const { status, json } of answers)
    if (status !== 200) expect([status, json.error[0]]).toEqual([409, 'domain_already_exist'])
}, 60_000)

test('parallel orders of several products in any order all go through', async () => {
  const products = await Promise.all([1, 2, 3].map(() => shop.product({ prices: { m: [999] }, more: { stock: 100 } })))
  const buyers: Customer[] = await customers(6)
  const answers = await Promise.all(
    buyers.map((each, turn) => {
      const turned = turn % 2 === 0 ? products : [...products].reverse()
      return each.post('/order', { items: turned.map(id => ({ type: 'product', product_id: id, cycle: 'm' })) })
    }),
  )
  expect(answers.map(answer => answer.status)).toEqual(buyers.map(() => 200))
}, 60_000)

function n(count: number | undefined, more: number): number {
  return (count ?? 0) + more
}
