import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestApp, testApp } from '../../../test/app.ts'
import { createBuyer } from '../../../test/buyer.ts'
import { openShop, type Shop } from '../../../test/shop.ts'
import { fixedClock } from '../../clock.ts'
import { runSql } from '../../db/database.ts'
import { addCredit } from '../billing/index.ts'
import { runSweeps } from '../renewals/index.ts'
import { completeProvisioning } from '../services/index.ts'
import { orderHandlers } from './routes.ts'

const clock = fixedClock(new Date('2026-11-01T12:00:00Z'))
let app: TestApp
let shop: Shop
beforeAll(async () => {
  app = await testApp({}, clock)
  shop = await openShop(app)
})
afterAll(() => app.close())

/** A customer who ordered one product, and paid it where there is credit; what it was and its order. */
async function ordered(more: object, { creditMinor = 0n, cycle = 'm', done = false } = {}) {
  const product = await shop.product({ prices: { [cycle]: [1000] }, more: { provisioner: 'manual', ...more } })
  const buyer = await createBuyer(app)
  const { accountId } = buyer
  const credit = { accountId, amountMinor: creditMinor, currency: 'EUR', key: accountId, description: 'Paid in' }
  if (creditMinor > 0n) await buyer.run(async ctx => addCredit(ctx, await ctx.begin(), credit))
  const placed = await buyer.run(async ctx =>
    orderHandlers.orderMany(ctx, { items: [{ type: 'product', product_id: product, cycle }] }),
  )
  const id = placed.items[0]?.id ?? ''
  const made = { username: undefined, password: undefined, externalId: undefined }
  if (done) await buyer.run(async ctx => completeProvisioning(ctx, await ctx.begin(), { id, accountId }, made))
  return { ...buyer, id }
}

async function stateOf(id: string): Promise<string | undefined> {
  const [row] = await runSql<{ state: string }>(
    app.db,
    `select s.status || ', order ' || o.status || ', invoice ' || i.status as state from service s
     join orders o on o.id = s.order_id join invoice i on i.id = o.invoice_id where s.id = $1`,
    [id],
  )
  return row?.state
}

/** Lives through days, and tells what it was in turn. */
async function live(id: string, days: number): Promise<string[]> {
  const states: string[] = []
  for (let day = 0; day < days; day++) {
    clock.advance(86_400_000)
    await runSweeps(app)
    const state = await stateOf(id)
    if (state !== undefined && state !== states.at(-1)) states.push(state)
  }
  return states
}

test('what ran before its order was paid ends with the order that nobody pays', async () => {
  const { id } = await ordered({ provision_on: 'order' }, { done: true })
  expect(await live(id, 40)).toEqual([
    'Active, order Pending, invoice Unpaid',
    'Suspended, order Pending, invoice Unpaid',
    'Terminated, order Cancelled, invoice Cancelled',
  ])
})

test('an order that is paid waits for staff for as long as they take', async () => {
  const { id } = await ordered({ provision_on: 'manual' }, { creditMinor: 1000n })
  expect(await live(id, 40)).toEqual(['Pending, order Pending, invoice Paid'])
})
