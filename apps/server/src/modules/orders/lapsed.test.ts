import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestApp, testApp } from '../../../test/app.ts'
import { createBuyer } from '../../../test/buyer.ts'
import { openShop } from '../../../test/shop.ts'
import { fixedClock } from '../../clock.ts'
import { runSql } from '../../db/database.ts'
import { runSweeps } from '../renewals/index.ts'
import { completeProvisioning } from '../services/index.ts'
import { orderHandlers } from './routes.ts'

const clock = fixedClock(new Date('2026-11-01T12:00:00Z'))
let app: TestApp
beforeAll(async () => {
  app = await testApp({}, clock)
})
afterAll(() => app.close())

test('what ran before its order was paid ends with the order that nobody pays', async () => {
  const shop = await openShop(app)
  const more = { provision_on: 'order', provisioner: 'manual' }
  const product = await shop.product({ prices: { m: [1000] }, more })
  const buyer = await createBuyer(app)
  const placed = await buyer.run(async ctx =>
    orderHandlers.orderMany(ctx, { items: [{ type: 'product', product_id: product, cycle: 'm' }] }),
  )
  const id = placed.items[0]?.id ?? ''
  await buyer.run(async ctx => {
    const done = { username: undefined, password: undefined, externalId: undefined }
    await completeProvisioning(ctx, await ctx.begin(), { id, accountId: buyer.accountId }, done)
  })
  const states: string[] = []
  for (let day = 0; day < 40; day++) {
    clock.advance(86_400_000)
    await runSweeps(app)
    const [row] = await runSql<{ state: string }>(
      app.db,
      `select s.status || ', order ' || o.status || ', invoice ' || i.status as state from service s
       join orders o on o.id = s.order_id join invoice i on i.id = o.invoice_id where s.id = $1`,
      [id],
    )
    if (row !== undefined && row.state !== states.at(-1)) states.push(row.state)
  }
  expect(states).toEqual([
    'Active, order Pending, invoice Unpaid',
    'Suspended, order Pending, invoice Unpaid',
    'Terminated, order Cancelled, invoice Cancelled',
  ])
})
