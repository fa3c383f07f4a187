import { afterAll, expect, test } from 'vitest'
import { type Bought, shop } from '../../../test/services.ts'
import { auditMoney, creditOf } from '../billing/index.ts'
import { orderUpgrade, quoteUpgrade, type UpgradeRequest } from './upgrade-service.ts'

const world = await shop()
await world.db.updateTable('price').set({ setup_minor: 0 }).execute()
// Credit of one test must not pay the invoices of the next.
await world.db.updateTable('account').set({ auto_apply_credit: false }).execute()
const { basic, premium } = world
afterAll(async () => {
  expect(await auditMoney(world.db)).toEqual([])
  await world.close()
})

const credit = () => creditOf(world.db, world.accountId, 'EUR')
const serviceOf = ({ id }: Bought) =>
  world.db.selectFrom('service').where('id', '=', id).selectAll().executeTakeFirstOrThrow()

/** Orders a change at once as quoted, pays for it, and gives what it cost: less than nothing where credit came of it. */
async function change({ id: serviceId }: Bought, to: Partial<UpgradeRequest>): Promise<number> {
  const request = { serviceId, apply: 'now' as const, ...to }
  const before = await credit()
  const quoted = await world.asOwner(ctx => quoteUpgrade(ctx, request))
  const { ordered, now } = await world.asOwner(ctx => orderUpgrade(ctx, request))
  expect(now?.priced).toEqual(quoted.now?.priced)
  if (ordered?.invoiceId !== undefined) await world.pay({ id: ordered.invoiceId, accountId: world.accountId })
  const { state } = await world.db
    .selectFrom('service_change')
    .where('service_id', '=', serviceId)
    .orderBy('id', 'desc')
    .select('state')
    .executeTakeFirstOrThrow()
  expect(state).toBe('applied')
  return Number((now?.priced.totalMinor ?? 0n) - ((await credit()) - before))
}
const toPremium = { packageId: premium.id }
const toBasic = { packageId: basic.id }
const to = (product: typeof basic, addresses: number, more: Partial<UpgradeRequest> = {}) => ({
  resources: { [product.addresses.id]: addresses },
  ...more,
})

const periodsOf = async ({ id }: Bought) => {
  const rows = await world.db
    .selectFrom('billed_period')
    .where('service_id', '=', id)
    .where('released_at', 'is', null)
    .selectAll()
    .orderBy('starts_at')
    .orderBy('id')
    .execute()
  const day = (moment: Date) => moment.toISOString().slice(5, 10)
  return rows
    .filter(row => row.ended_at === null || row.ended_at > row.starts_at)
    .map(row => `${day(row.starts_at)} – ${day(row.ended_at ?? row.ends_at)}: ${row.net_minor}`)
}

// April and June have 30 days, so that a day of Basic is 33 1/3 and one of Premium is 100.
test('whoever has the dear plan for an hour each day pays for it each day', async () => {
  world.goTo('2027-04-01')
  const service = await world.buy(basic)
  let paid = 0
  for (const day of ['04-05', '04-06', '04-07', '04-08', '04-09', '04-10']) {
    world.goTo(`2027-${day}`)
    paid += await change(service, toPremium)
    paid += await change(service, toBasic)
  }
  expect(Math.abs(paid - 6 * (100 - 1000 / 30))).toBeLessThanOrEqual(6)
  expect(await serviceOf(service)).toMatchObject({ product_id: basic.id, price_minor: '1000' })
})

test('a downgrade is credited from tomorrow on, and an upgrade charged from today on', async () => {
  world.goTo('2027-04-01')
  const service = await world.buy(premium)
  world.goTo('2027-04-16')
  expect(await change(service, toBasic)).toBe(-(1400 - 467))
  expect(await periodsOf(service)).toEqual(['04-01 – 04-17: 3000', '04-17 – 05-01: 467'])
  world.goTo('2027-04-21')
  expect(await change(service, toPremium)).toBe(1000 - 333)
  expect(await periodsOf(service)).toEqual(['04-01 – 04-17: 3000', '04-17 – 04-21: 467', '04-21 – 05-01: 1000'])
})

const [one, none, five] = [to(basic, 1), to(basic, 0), to(basic, 5)]
test.each<[string, Partial<UpgradeRequest>[], number]>([
  ['up and down', [five, none], 50 - 100 / 3],
  ['up, down and up again', [toPremium, toBasic, toPremium], 1500 - 500],
  ['up, down and up above what it was', [one, none, five], 750 - 500],
  ['up, down and up to something between', [five, none, one], 50 + (14 * 110) / 3 - 500],
  ['up, down twice and up above all', [five, one, none, toPremium], 1500 - 500],
  ['all of it, and down in the end', [five, one, none, toPremium, toBasic], 100 - 100 / 3],
])('a day costs the dearest that was had on it, and no more: %s', async (_how, steps, cost) => {
  world.goTo('2027-04-01')
  const service = await world.buy(basic)
  world.goTo('2027-04-16')
  let paid = 0
  for (const step of steps) paid += await change(service, step)
  expect(Math.abs(paid - cost)).toBeLessThanOrEqual(steps.length)
})

test('a month that is longer than the one before costs the same by the day after a change there and back', async () => {
  world.goTo('2027-03-01')
  const service = await world.buy(premium)
  world.goTo('2027-03-10')
  await change(service, toBasic)
  await change(service, to(premium, 1, toPremium))
  expect((await periodsOf(service)).at(-1)).toBe('03-10 – 04-01: 2200') // 22 of 31 days
})

test('what comes instead of the last day of a period comes with the next period', async () => {
  world.goTo('2027-04-01')
  const service = await world.buy(premium)
  world.goTo('2027-04-30')
  expect(await change(service, toBasic)).toBe(0)
  expect(await periodsOf(service)).toEqual(['04-01 – 05-01: 3000'])
  expect(await serviceOf(service)).toMatchObject({
    product_id: basic.id,
    price_minor: '1000',
    paid_until: new Date('2027-05-01'),
  })
})

test('a cheaper cycle begins tomorrow, and a dearer plan in it costs today, too', async () => {
  world.goTo('2027-04-01')
  const service = await world.buy(basic)
  world.goTo('2027-04-16')
  expect(await change(service, { cycle: 'a' })).toBe(10000 - 466)
  expect(await periodsOf(service)).toEqual(['04-01 – 04-17: 1000', '04-17 – 04-17: 10000'])
  expect((await serviceOf(service)).paid_until).toEqual(new Date('2028-04-17'))
  // 366 days each, and today, at which a month's day was paid already.
  const day = (year: number) => year / 366
  expect(await change(service, toPremium)).toBe(Math.round(30000 + day(30000) - 10000) - 34)
  expect((await periodsOf(service)).at(-1)).toBe('04-16 – 04-17: 30082')
})

test('a change of the last day waits no longer for its payment than until the period ends', async () => {
  world.goTo('2027-04-01')
  const service = await world.buy(premium)
  world.goTo('2027-04-30')
  const request = { serviceId: service.id, apply: 'now' as const, ...toBasic, cycle: 'a' }
  const { ordered } = await world.asOwner(ctx => orderUpgrade(ctx, request))
  const { expires_at } = await world.db
    .selectFrom('service_change')
    .where('invoice_id', '=', ordered?.invoiceId ?? '')
    .select('expires_at')
    .executeTakeFirstOrThrow()
  expect(expires_at).toEqual(new Date('2027-05-01'))
})
