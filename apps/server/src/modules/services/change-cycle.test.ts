import { afterAll, expect, test } from 'vitest'
import { shop } from '../../../test/services.ts'
import { setCycle } from './change-cycle.ts'
import { renewService } from './renew-service.ts'
import { renewalsOf } from './renewal.ts'
import { orderUpgrade } from './upgrade-service.ts'

const world = await shop()
afterAll(() => world.close())

const { basic, premium } = world
const large = { [premium.disk.id]: premium.disk.large }
test.each([
  ['brings the setup of a product that has none in the first cycle', { packageId: premium.id, cycle: 'd' }, 'a', 32000],
  ['takes it away where the new cycle has none', { packageId: premium.id }, 'd', 150],
  [
    'counts the setup of what is chosen with the product',
    { packageId: premium.id, resources: large, cycle: 'd' },
    'm',
    5900,
  ],
  [
    'counts it for what is chosen of the same product',
    { resources: { [basic.disk.id]: basic.disk.large } },
    'a',
    14500,
  ],
] as const)('another cycle of a change that waits %s', async (_what, wanted, cycle, subtotal) => {
  world.goTo('2026-11-01')
  const service = await world.buy(basic)
  await world.asOwner(ctx => orderUpgrade(ctx, { ...wanted, serviceId: service.id, apply: 'renewal' }))
  await world.asOwner(ctx => setCycle(ctx, service.id, cycle))
  const id = await world.asOwner(ctx => renewService(ctx, service.id))
  const invoice = await world.db.selectFrom('invoice').where('id', '=', id).selectAll().executeTakeFirstOrThrow()
  expect(invoice.subtotal_minor).toBe(String(subtotal))
})

test('the setup of a change is billed once, though the next period is billed before the first is paid', async () => {
  world.goTo('2026-11-01')
  const service = await world.buy(basic)
  await world.asOwner(ctx => orderUpgrade(ctx, { serviceId: service.id, apply: 'renewal', packageId: premium.id }))
  await world.asOwner(ctx => renewService(ctx, service.id))
  const [next] = await world.run((_ctx, tx) => renewalsOf(world, tx, world.accountId, [service.id]))
  expect(next?.period.startsAt).toEqual(new Date('2027-01-01'))
  expect(next?.line.charges[0]).toMatchObject({ unitMinor: 3000n, setupMinor: 0n })
})
