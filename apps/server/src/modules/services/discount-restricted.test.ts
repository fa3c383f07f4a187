import { randomUUID } from 'node:crypto'
import { afterAll, expect, test } from 'vitest'
import { type Bought, shop, sweepServices, type TestProduct } from '../../../test/services.ts'
import { getCycle, setCycle } from './change-cycle.ts'
import { renewService } from './renew-service.ts'
import { orderUpgrade, quoteUpgrade, type UpgradeRequest } from './upgrade-service.ts'

const world = await shop()
afterAll(() => world.close())

interface Restriction {
  readonly products?: readonly TestProduct[]
  readonly cycles?: string[]
}

/** A basic service for a month, half its price taken off for good by a code for some things only. */
async function buyDiscounted({ products = [], cycles = [] }: Restriction): Promise<Bought> {
  world.goTo('2026-11-01')
  const service = await world.buy(world.basic)
  const { id } = await world.db
    .insertInto('promo_code')
    .values({ code: randomUUID().toUpperCase(), kind: 'percent', percent: '50', recurring: true, cycles })
    .returning('id')
    .executeTakeFirstOrThrow()
  for (const product of products)
    await world.db.insertInto('promo_target').values({ promo_id: id, product_id: product.id }).execute()
  const discount = { promo_id: id, discount_percent: '50' }
  await world.db.updateTable('service').set(discount).where('id', '=', service.id).execute()
  return service
}

const { basic, premium } = world
test.each<[string, Restriction, Partial<UpgradeRequest>, bigint]>([
  ['for the old product only', { products: [basic] }, { packageId: premium.id }, 3000n],
  ['for both products', { products: [basic, premium] }, { packageId: premium.id }, 1500n],
  ['for the old cycle only', { cycles: ['m'] }, { cycle: 'a' }, 10000n],
  ['for both cycles', { cycles: ['m', 'a'] }, { cycle: 'a' }, 5000n],
  [
    'for both products in the old cycle',
    { products: [basic, premium], cycles: ['m'] },
    { packageId: premium.id, cycle: 'a' },
    30000n,
  ],
  ['that is not restricted', {}, { packageId: premium.id, cycle: 'a' }, 15000n],
])(
  'a discount %s is the same in a change now, at renewal, on its invoice and afterwards',
  async (_what, restriction, wanted, periodMinor) => {
    const service = await buyDiscounted(restriction)
    const request = { ...wanted, serviceId: service.id }
    const now = await world.asOwner(ctx => quoteUpgrade(ctx, { ...request, apply: 'now' }))
    const queued = await world.asOwner(ctx => orderUpgrade(ctx, { ...request, apply: 'renewal' }))
    expect([now.periodMinor, queued.periodMinor]).toEqual([periodMinor, periodMinor])
    const id = await world.asOwner(ctx => renewService(ctx, service.id))
    const line = await world.db
      .selectFrom('invoice_line')
      .where('invoice_id', '=', id)
      .where('type', '=', 'Hosting')
      .select('net_minor')
      .executeTakeFirstOrThrow()
    expect(line.net_minor).toBe(String(periodMinor))
    await world.pay({ id, accountId: world.accountId })
    world.goTo('2026-12-01')
    await sweepServices(world)
    const after = await world.db
      .selectFrom('service')
      .where('id', '=', service.id)
      .select(['price_minor', 'promo_id'])
      .executeTakeFirstOrThrow()
    expect(after.promo_id !== null).toBe(BigInt(after.price_minor) !== periodMinor)
  },
)

test('a code for one cycle takes nothing off another that is chosen later', async () => {
  const service = await buyDiscounted({ cycles: ['m'] })
  const { cycles } = await world.asOwner(ctx => getCycle(ctx, service.id))
  expect(cycles).toMatchObject({ m: '5.00', a: '100.00' })
  await world.asOwner(ctx => setCycle(ctx, service.id, 'a'))
  const id = await world.asOwner(ctx => renewService(ctx, service.id))
  const invoice = await world.db.selectFrom('invoice').where('id', '=', id).selectAll().executeTakeFirstOrThrow()
  expect(invoice.subtotal_minor).toBe('10000')
})
