import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestApp, testApp } from '../../../test/app.ts'
import { createBuyer } from '../../../test/buyer.ts'
import { openShop, type Shop } from '../../../test/shop.ts'
import { recordQueries } from '../../db/query-log.ts'
import { addCredit } from '../billing/index.ts'
import { placeOrder } from './place-order.ts'
import { readLines } from './read-line.ts'

let app: TestApp
let shop: Shop
beforeAll(async () => {
  app = await testApp()
  shop = await openShop(app)
})
afterAll(() => app.close())

type Item = Parameters<typeof readLines>[0][number]

/** What an order sends, from `begin` to `commit`. */
async function statementsOf(items: readonly Item[], creditMinor = 0n): Promise<readonly string[]> {
  const { accountId, run } = await createBuyer(app)
  const credit = { accountId, amountMinor: creditMinor, currency: 'EUR', key: accountId, description: 'Paid in' }
  if (creditMinor > 0n) await run(async ctx => addCredit(ctx, await ctx.begin(), credit))
  const request = { lines: readLines(items), ignoreErrors: false }
  const { result, queries } = await recordQueries(() =>
    run(ctx => placeOrder(ctx, { ...request, refusalOf: ({ refusal }) => refusal })),
  )
  expect(result.orders).toHaveLength(items.length)
  return queries
}

/** As many products as there are lines, each counted and with an addon and a subproduct. */
async function linesOf(count: number, minor: number, more: object): Promise<Item[]> {
  const items: Item[] = []
  for (let index = 0; index < count; index++) {
    const product_id = await shop.product({ prices: { m: [minor] }, more: { stock: 5, ...more } })
    const subproduct = await shop.product({ prices: { m: [minor] }, more: { stock: 5, ...more } })
    const addon = await shop.addon(product_id, { m: [minor] })
    await shop.subproduct(product_id, subproduct)
    items.push({ type: 'product', product_id, cycle: 'm', addon: { [addon]: 1 }, subproducts: { [subproduct]: 1 } })
  }
  return items
}

async function namesOf(count: number): Promise<Item[]> {
  const tld_id = await shop.tld(`.n${count}`, { register: [950], transfer: [950], renew: [1200] })
  return Array.from({ length: count }, (_, index) => {
    return { type: 'domain' as const, tld_id, name: `name${index}.n${count}`, action: 'register', years: 1 }
  })
}

const big = 1_000_000n
test.each([
  ['that waits for its payment', 20, (count: number) => linesOf(count, 1000, {}), 0n],
  ['that is paid with credit', 32, (count: number) => linesOf(count, 1000, {}), big],
  [
    'whose jobs wait for nothing',
    25,
    (count: number) => linesOf(count, 1000, { provision_on: 'order', provisioner: 'manual' }),
    0n,
  ],
  ['for nothing', 18, (count: number) => linesOf(count, 0, {}), 0n],
  ['of domains', 19, namesOf, 0n],
])(
  'an order of twenty lines %s sends %i statements at most, and no more than one of a single line',
  async (_what, most, lines, credit) => {
    const one = await statementsOf(await lines(1), credit)
    const twenty = await statementsOf(await lines(20), credit)
    expect(twenty).toHaveLength(one.length)
    expect(twenty.length).toBeLessThanOrEqual(most)
  },
)

test('what can be written before it is not written behind the number of the invoice', async () => {
  const more = { provision_on: 'order', provisioner: 'manual' }
  const sent = await statementsOf(await linesOf(20, 1000, more))
  const number = sent.findIndex(text => text.includes('number_series'))
  expect(number).toBeGreaterThan(0)
  const behind = sent.slice(number + 1)
  expect(behind.filter(text => /insert into service|add_job|update product/.test(text))).toEqual([])
  // The entry and its trail, periods and dates, the orders, what is due, commit.
  expect(behind.length).toBeLessThanOrEqual(7)
})
