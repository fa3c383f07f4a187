import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestApp, testApp } from '../../../test/app.ts'
import { type Buyer, createBuyer } from '../../../test/buyer.ts'
import { openShop, type Shop } from '../../../test/shop.ts'
import { fixedClock } from '../../clock.ts'
import { runSql } from '../../db/database.ts'
import { addCredit, applyCredit } from '../billing/index.ts'
import { countReturns } from '../catalog/index.ts'
import { runSweeps } from '../renewals/index.ts'
import { completeProvisioning } from '../services/index.ts'
import { cancelOrder } from './decide-order.ts'
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

const invoicesOf = (accountId: string) =>
  app.db.selectFrom('invoice').select(['id', 'status', 'due_minor']).where('account_id', '=', accountId)
const stockOf = async (serviceId: string) => {
  await countReturns(app)
  const [row] = await runSql<{ stock: number }>(
    app.db,
    'select stock from product where id = (select product_id from service where id = $1)',
    [serviceId],
  )
  return row?.stock
}
const cancel = ({ accountId, run }: Buyer, id: string) =>
  run(async ctx => {
    const tx = await ctx.begin()
    const { order_id } = await tx
      .selectFrom('service')
      .select('order_id')
      .where('id', '=', id)
      .executeTakeFirstOrThrow()
    await cancelOrder(ctx, tx, { id: order_id ?? '', accountId }, 'not wanted')
  })

test.each(['m', 'h'])(
  'what runs unpaid in cycle %s when staff cancel its order ends, and is not billed again',
  async cycle => {
    const { id, ...buyer } = await ordered({ provision_on: 'order', stock: 3 }, { cycle, done: true })
    expect(await stockOf(id)).toBe(2)
    await cancel(buyer, id)
    expect(await stockOf(id)).toBe(3)
    expect(await live(id, 70)).toEqual(['Terminated, order Cancelled, invoice Cancelled'])
    const invoices = await invoicesOf(buyer.accountId).where('kind', '=', 'invoice').execute()
    expect(invoices.map(({ status, due_minor }) => [status, due_minor])).toEqual([['Cancelled', '0']])
  },
)

test('what runs and is not suspended when the sweep gives its order up ends with it', async () => {
  const { id } = await ordered({ provision_on: 'order' }, { done: true })
  const { suspendAfterDays } = app.config.billing
  Object.assign(app.config.billing, { suspendAfterDays: 365 })
  expect(await live(id, 70)).toEqual([
    'Active, order Pending, invoice Unpaid',
    'Terminated, order Cancelled, invoice Cancelled',
  ])
  Object.assign(app.config.billing, { suspendAfterDays })
})

test('what a paid period covers goes on when its order is cancelled, and keeps its place in the stock', async () => {
  const { id, ...buyer } = await ordered({ provision_on: 'order', stock: 3 }, { cycle: 'd', done: true })
  const { accountId } = buyer
  await live(id, 1)
  const [, renewal] = await invoicesOf(accountId).orderBy('id').execute()
  const credit = { accountId, amountMinor: 1000n, currency: 'EUR', key: accountId, description: 'Paid in' }
  await buyer.run(async ctx => {
    const tx = await ctx.begin()
    await addCredit(ctx, tx, credit)
    await applyCredit(ctx, tx, { accountId, invoiceId: renewal?.id ?? '' })
  })
  await cancel(buyer, id)
  expect([await stateOf(id), await stockOf(id)]).toEqual(['Active, order Cancelled, invoice Cancelled', 2])
})

test('an order that is paid waits for staff for as long as they take', async () => {
  const { id } = await ordered({ provision_on: 'manual' }, { creditMinor: 1000n })
  expect(await live(id, 40)).toEqual(['Pending, order Pending, invoice Paid'])
})
