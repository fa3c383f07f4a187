import { addPeriod, anchorDayOf, daysBetween } from '@innkeeper/money'
import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import { type Bought, type Shop, shop, type TestProduct } from '../../../test/services.ts'
import { defaultConfig } from '../../config.ts'
import { auditMoney } from '../billing/index.ts'
import { cancelChange } from './drop-change.ts'
import { sweepServices } from './sweep-changes.ts'
import { orderUpgrade } from './upgrade-service.ts'

const vat = { name: 'VAT', country: 'EE', percent: '24', valid_from: '2020-01-01' }
const worlds = new Map<string, Shop>()
for (const [name, taxInclusive] of [
  ['without tax', false],
  ['with tax', true],
] as const) {
  const { billing, seller } = defaultConfig('')
  const world = await shop({
    billing: { ...billing, taxInclusive },
    seller: { ...seller, vatNumber: 'EE123456789' },
  })
  await world.db.insertInto('tax_rate').values(vat).execute()
  await world.db.updateTable('profile').set({ country: 'EE' }).execute()
  // Credit of one run must not pay the invoices of the next.
  await world.db.updateTable('account').set({ auto_apply_credit: false }).execute()
  worlds.set(name, world)
}
afterAll(async () => {
  for (const world of worlds.values()) await world.close()
})

/** What a service is at a time, by the test's own reckoning. */
interface Had {
  readonly product: 'basic' | 'premium'
  readonly disk: 'small' | 'large'
  readonly addresses: number
  readonly cycle: 'm' | 'a'
}

const prices = {
  m: { basic: 1000, premium: 3000, large: 400, address: 100 },
  a: { basic: 10000, premium: 30000, large: 4000, address: 1000 },
}
function listPrice({ product, disk, addresses, cycle }: Had): number {
  const list = prices[cycle]
  return list[product] + (disk === 'large' ? list.large : 0) + addresses * list.address
}

interface Step {
  readonly wait: number
  readonly to: Partial<Had>
  readonly then: 'pay' | 'pay later' | 'cancel' | 'expire'
}
const step: fc.Arbitrary<Step> = fc.record({
  wait: fc.integer({ min: 0, max: 6 }),
  to: fc.oneof(
    fc.record({ disk: fc.constantFrom('small' as const, 'large' as const) }),
    fc.record({ addresses: fc.integer({ min: 0, max: 5 }) }),
    fc.record({ product: fc.constantFrom('basic' as const, 'premium' as const) }),
    fc.record({ cycle: fc.constantFrom('m' as const, 'a' as const) }),
    fc.record({
      product: fc.constantFrom('basic' as const, 'premium' as const),
      disk: fc.constantFrom('small' as const, 'large' as const),
      cycle: fc.constantFrom('m' as const, 'a' as const),
    }),
  ),
  // biome-ignore lint/suspicious/noThenProperty: a step, then what becomes of it
  then: fc.constantFrom('pay' as const, 'pay' as const, 'pay later' as const, 'cancel' as const, 'expire' as const),
})

test.each(['without tax', 'with tax'])(
  'however a service is changed, what is kept for it is the list price of each day as it was (prices %s)',
  async name => {
    const world = worlds.get(name)
    if (world === undefined) throw new Error('no such world')
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 6 }), async steps => {
        const { kept, list, changes } = await live(world, steps)
        const net = name === 'with tax' ? list / 1.24 : list
        // Each change rounds what is charged and what is credited once.
        expect(Math.abs(kept - net)).toBeLessThanOrEqual(2 * changes + 1)
      }),
      { numRuns: 15 },
    )
    expect(await auditMoney(world.db)).toEqual([])
  },
  120_000,
)

/** Lives through the steps, and gives what was kept (net, without setups) and what the list says for every day paid for. */
async function live(world: Shop, steps: readonly Step[]) {
  world.goTo('2026-11-01')
  const { timeZone } = world.config
  const service = await world.buy(world.basic)
  let had: Had = { product: 'basic', disk: 'small', addresses: 0, cycle: 'm' }
  let since = new Date('2026-11-01')
  let until = new Date('2026-12-01')
  let whole = 30
  let list = 0
  let changes = 0
  for (const { wait, to, then } of steps) {
    world.at.advance(wait * 86_400_000)
    if (world.at.now() >= until) break
    const next: Had = { ...had, ...to }
    if (JSON.stringify(next) === JSON.stringify(had)) continue
    if (!(await change(world, service, had, next, then))) continue
    if (world.at.now() >= until) break
    const today = new Date(world.at.now().toISOString().slice(0, 10))
    list += (listPrice(had) * daysBetween(since, today, timeZone)) / whole
    since = today
    if (next.cycle !== had.cycle) {
      whole = daysBetween(today, addPeriod(today, next.cycle, anchorDayOf(today, timeZone), timeZone), timeZone)
      // Shorter, where the payment came days after the order.
      until = await endOf(world, service)
      expect(daysBetween(today, until, timeZone)).toBeLessThanOrEqual(whole)
    }
    had = next
    changes++
  }
  list += (listPrice(had) * daysBetween(since, until, timeZone)) / whole
  return { kept: await keptFor(world, service), list, changes }
}

async function endOf({ db }: Shop, { id }: Bought): Promise<Date> {
  const row = await db.selectFrom('service').where('id', '=', id).select('paid_until').executeTakeFirstOrThrow()
  if (row.paid_until === null) throw new Error('nothing is paid')
  return row.paid_until
}

/** Orders a change and lets happen what shall. Whether it was applied. */
async function change(world: Shop, service: Bought, had: Had, next: Had, then: Step['then']): Promise<boolean> {
  const product: TestProduct = world[next.product]
  const resources = {
    [product.disk.id]: product.disk[next.disk],
    [product.addresses.id]: next.addresses,
  }
  const { ordered } = await world.asOwner(ctx =>
    orderUpgrade(ctx, {
      serviceId: service.id,
      apply: 'now',
      resources,
      ...(next.product === had.product ? {} : { packageId: product.id }),
      ...(next.cycle === had.cycle ? {} : { cycle: next.cycle }),
    }),
  )
  if (ordered?.invoiceId === undefined) return true
  const invoice = { id: ordered.invoiceId, accountId: service.accountId }
  if (then === 'cancel') {
    await world.run((ctx, tx) => cancelChange(ctx, tx, service))
    return false
  }
  if (then === 'expire') {
    world.at.advance(8 * 86_400_000)
    await sweepServices(world)
    return false
  }
  if (then === 'pay later') world.at.advance(3 * 86_400_000)
  await sweepServices(world) // beyond its period a change expires, and its invoice with it
  await world.pay(invoice)
  const { state } = await world.db
    .selectFrom('service_change')
    .where('invoice_id', '=', invoice.id)
    .select('state')
    .executeTakeFirstOrThrow()
  return state === 'applied'
}

/** Net of all that was paid for the service and not given back, without setups. */
async function keptFor({ db }: Shop, service: Bought): Promise<number> {
  const rows = await db
    .selectFrom('invoice_line')
    .innerJoin('invoice', 'invoice.id', 'invoice_line.invoice_id')
    .leftJoin('invoice as of', 'of.id', 'invoice.corrects_id')
    .where('invoice_line.item_id', '=', service.id)
    .select(['invoice.kind', 'invoice.status', 'of.status as ofStatus', 'net_minor', 'description'])
    .execute()
  const paid = rows.filter(row => row.kind === 'invoice' && ['Paid', 'Refunded'].includes(row.status))
  const back = rows.filter(row => row.kind === 'credit_note' && ['Paid', 'Refunded'].includes(row.ofStatus ?? ''))
  const total = (list: typeof rows) => list.reduce((sum, row) => sum + Number(row.net_minor), 0)
  expect(total(back)).toBeLessThanOrEqual(total(paid))
  return total(paid.filter(row => !row.description.endsWith(': setup'))) - total(back)
}
