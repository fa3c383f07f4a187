import { afterAll, expect, test } from 'vitest'
import { type Bought, shop } from '../../../test/services.ts'
import { runSql } from '../../db/database.ts'
import { auditMoney } from '../billing/index.ts'
import { runSweeps } from '../renewals/index.ts'
import { setCycle } from './change-cycle.ts'
import { terminateService } from './end-service.ts'
import { orderUpgrade } from './upgrade-service.ts'

/* What customers can do in peace, over days of sweeps, so as to pay less than what they have. */
const world = await shop()
const { basic, premium, accountId } = world
afterAll(async () => {
  expect(await auditMoney(world.db)).toEqual([])
  await world.close()
})
await world.db.updateTable('price').set({ setup_minor: 0 }).execute()
// Credit of one test must not pay the invoices of the next.
await world.db.updateTable('account').set({ auto_apply_credit: false }).execute()
for (const [product, hour, day] of [
  [basic, 2, 48],
  [premium, 60, 1440],
] as const) {
  await world.db
    .insertInto('price')
    .values({ product_id: product.id, currency: 'EUR', cycle: 'h', price_minor: hour, setup_minor: 0 })
    .execute()
  await runSql(world.db, `update price set price_minor = $2 where product_id = $1 and cycle = 'd'`, [product.id, day])
}

const change = (service: Bought, apply: 'now' | 'renewal', wish: { packageId?: string; cycle?: string }) =>
  world.asOwner(ctx => orderUpgrade(ctx, { serviceId: service.id, apply, ...wish }))
const serviceOf = ({ id }: Bought) =>
  world.db.selectFrom('service').where('id', '=', id).selectAll().executeTakeFirstOrThrow()
const unpaid = () =>
  runSql<{ id: string; due: string }>(
    world.db,
    `select id, due_minor as due from invoice where status in ('Unpaid', 'Collections') and due_minor > 0 order by id`,
  )
async function payAll(): Promise<void> {
  for (const { id } of await unpaid()) await world.pay({ id, accountId })
}
async function live(hours: number): Promise<void> {
  for (let hour = 0; hour < hours; hour++) {
    world.at.advance(3_600_000)
    await runSweeps(world)
  }
}

test.each(['h', 'd'] as const)(
  'what is billed at the price of less is less, though it is not paid yet (%s)',
  async cycle => {
    world.goTo('2026-11-02')
    const service = await world.buy(premium, cycle)
    await change(service, 'renewal', { packageId: basic.id })
    await live(13)
    expect(await unpaid()).not.toEqual([])
    expect((await serviceOf(service)).product_id).toBe(basic.id)
    await payAll()
    await world.run((ctx, tx) => terminateService(ctx, tx, service, 'not needed'))
  },
)

test('what is billed at the price of more is that once it is paid', async () => {
  world.goTo('2026-11-10')
  const service = await world.buy(basic, 'd')
  await change(service, 'renewal', { packageId: premium.id })
  await live(13)
  expect((await serviceOf(service)).product_id).toBe(basic.id)
  await payAll()
  expect((await serviceOf(service)).product_id).toBe(premium.id)
  await world.run((ctx, tx) => terminateService(ctx, tx, service, 'not needed'))
})

test.each(['h', 'd'] as const)(
  'days that were paid ahead and given back are billed under the new terms (%s)',
  async cycle => {
    world.goTo('2027-01-01')
    const service = await world.buy(basic)
    world.goTo('2027-01-18')
    await runSweeps(world) // the renewal of February is billed, and paid
    await payAll()
    await change(service, 'now', { cycle })
    await payAll()
    for (let day = 0; day < 25; day++) {
      await live(24)
      await payAll()
    }
    const account = await world.db
      .selectFrom('account')
      .selectAll()
      .where('id', '=', accountId)
      .executeTakeFirstOrThrow()
    expect(account.parked_reason).toBeNull()
    expect((await serviceOf(service)).paid_until?.getTime()).toBeGreaterThanOrEqual(world.at.now().getTime())
    await world.run((ctx, tx) => terminateService(ctx, tx, service, 'not needed'))
  },
)

test('a year that an hourly service was billed ahead is not taken for hours when it ends', async () => {
  world.goTo('2027-03-01')
  const service = await world.buy(basic, 'h')
  await world.asOwner(ctx => setCycle(ctx, service.id, 'a'))
  await live(24 * 3)
  const [before] = await unpaid()
  expect(before?.due).toBe('10000')
  await world.run((ctx, tx) => terminateService(ctx, tx, service, 'not needed'))
  expect(await unpaid()).toEqual([before])
})
