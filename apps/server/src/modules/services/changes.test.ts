import { afterAll, expect, test } from 'vitest'
import { type Bought, type Shop, shop } from '../../../test/services.ts'
import { creditOf } from '../billing/index.ts'
import { orderUpgrade, quoteUpgrade, type UpgradeRequest } from './upgrade-service.ts'

const world = await shop()
afterAll(() => world.close())

const upgrade = (service: Bought, request: Partial<UpgradeRequest>) =>
  world.asOwner(ctx => orderUpgrade(ctx, { serviceId: service.id, apply: 'now', ...request }))
const quote = (service: Bought, request: Partial<UpgradeRequest>) =>
  world.asOwner(ctx => quoteUpgrade(ctx, { serviceId: service.id, apply: 'now', ...request }))
const toLarge = ({ basic }: Shop) => ({ resources: { [basic.disk.id]: basic.disk.large } })
const serviceOf = ({ id }: Bought) =>
  world.db.selectFrom('service').where('id', '=', id).selectAll().executeTakeFirstOrThrow()
const changeOf = ({ id }: Bought) =>
  world.db
    .selectFrom('service_change')
    .where('service_id', '=', id)
    .selectAll()
    .orderBy('id', 'desc')
    .executeTakeFirst()
const periodsOf = async ({ id }: Bought) =>
  (
    await world.db
      .selectFrom('billed_period')
      .where('service_id', '=', id)
      .where('released_at', 'is', null)
      .selectAll()
      .orderBy('id')
      .execute()
  ).map(row => ({
    reason: row.reason,
    from: row.starts_at.toISOString().slice(0, 10),
    to: (row.ended_at ?? row.ends_at).toISOString().slice(0, 10),
    net: Number(row.net_minor),
  }))

test('an upgrade in the middle of a month costs what is left of it, less what is left of what was paid', async () => {
  world.goTo('2026-11-01')
  const service = await world.buy(world.basic)
  world.goTo('2026-11-16') // 15 of 30 days are left
  const before = await quote(service, toLarge(world))
  expect([before.now?.chargeMinor, before.now?.setupMinor, before.now?.creditMinor]).toEqual([700n, 500n, 500n])
  expect(before.periodMinor).toBe(1400n)
  const ordered = await upgrade(service, toLarge(world))
  expect(ordered.now?.priced.totalMinor).toBe(before.now?.priced.totalMinor)
  expect((await serviceOf(service)).price_minor).toBe('1000')
  await world.pay({ id: ordered.ordered?.invoiceId ?? '', accountId: world.accountId })
  const after = await serviceOf(service)
  expect([after.price_minor, after.config]).toEqual([
    '1400',
    { [world.basic.disk.id]: { [world.basic.disk.large]: 1 } },
  ])
  expect(await periodsOf(service)).toEqual([
    { reason: 'order', from: '2026-11-01', to: '2026-11-16', net: 1000 },
    { reason: 'upgrade', from: '2026-11-16', to: '2026-12-01', net: 700 },
  ])
  expect((await changeOf(service))?.state).toBe('applied')
})

test('a downgrade makes no negative invoice: what is left over becomes credit, with its tax', async () => {
  world.goTo('2026-11-01')
  const service = await world.buy(world.premium)
  world.goTo('2026-11-16')
  const before = await creditOf(world.db, world.accountId, 'EUR')
  const { now, ordered } = await upgrade(service, { packageId: world.basic.id })
  expect(ordered?.invoiceId).toBeUndefined()
  expect([now?.chargeMinor, now?.creditMinor, now?.excessMinor]).toEqual([500n, 1500n, 1000n])
  const note = await world.db
    .selectFrom('invoice')
    .where('corrects_id', '=', service.invoiceId)
    .selectAll()
    .executeTakeFirstOrThrow()
  expect(note.subtotal_minor).toBe('1000')
  expect((await creditOf(world.db, world.accountId, 'EUR')) - before).toBe(BigInt(note.total_minor))
  expect(await serviceOf(service)).toMatchObject({ product_id: world.basic.id, price_minor: '1000' })
  expect((await periodsOf(service)).at(-1)).toEqual({
    reason: 'upgrade',
    from: '2026-11-16',
    to: '2026-12-01',
    net: 500,
  })
})
