import { afterAll, expect, test } from 'vitest'
import { type Bought, shop } from '../../../test/services.ts'
import { orderUpgrade } from '../services/index.ts'
import { acceptOrder, cancelOrder } from './index.ts'

const world = await shop()
afterAll(() => world.close())

const ordered = async () => {
  const service: Bought = await world.buy(world.basic)
  const resources = { [world.basic.disk.id]: world.basic.disk.large }
  await world.asOwner(ctx => orderUpgrade(ctx, { serviceId: service.id, apply: 'now', resources }))
  const change = await world.db
    .selectFrom('service_change')
    .selectAll()
    .where('service_id', '=', service.id)
    .executeTakeFirstOrThrow()
  const order = { id: change.order_id ?? '', accountId: world.accountId }
  const states = async () => {
    const [row] = await world.db
      .selectFrom('orders')
      .innerJoin('service_change', 'service_change.order_id', 'orders.id')
      .innerJoin('invoice', 'invoice.id', 'orders.invoice_id')
      .select(['orders.status as order', 'service_change.state as change', 'invoice.status as invoice'])
      .where('orders.id', '=', order.id)
      .execute()
    return row
  }
  return { order, states, pay: () => world.pay({ id: change.invoice_id ?? '', accountId: world.accountId }) }
}

test('an upgrade that is not paid is not accepted, and is made when it is', async () => {
  const { order, states, pay } = await ordered()
  await expect(world.run((ctx, tx) => acceptOrder(ctx, tx, order))).rejects.toMatchObject({
    code: 'conflict',
    detail: { also: ['unpaid_invoice'] },
  })
  expect(await states()).toEqual({ order: 'Pending', change: 'invoiced', invoice: 'Unpaid' })
  await pay()
  expect(await states()).toEqual({ order: 'Active', change: 'applied', invoice: 'Paid' })
})

test('an upgrade that is taken back is not made', async () => {
  const { order, states } = await ordered()
  await world.run((ctx, tx) => cancelOrder(ctx, tx, order, 'not wanted'))
  expect(await states()).toEqual({ order: 'Cancelled', change: 'cancelled', invoice: 'Cancelled' })
})
