import { afterAll, expect, test } from 'vitest'
import { type Bought, type Shop, shop, sweepServices } from '../../../test/services.ts'
import type { Refusal } from '../../refusal.ts'
import { creditOf, recordPayment, voidInvoice } from '../billing/index.ts'
import { setCycle } from './change-cycle.ts'
import { cancelChange } from './drop-change.ts'
import { renewService } from './renew-service.ts'
import { orderUpgrade, quoteUpgrade, type UpgradeRequest } from './upgrade-service.ts'

const world = await shop()
// Credit of one test must not pay the invoices of the next.
await world.db.updateTable('account').set({ auto_apply_credit: false }).execute()
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
const invoiceOf = (id: string) =>
  world.db.selectFrom('invoice').where('id', '=', id).selectAll().executeTakeFirstOrThrow()
const statusOfInvoice = async (id: string) => (await invoiceOf(id)).status
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

test('a downgrade makes no negative invoice: what is left over from tomorrow on becomes credit, with its tax', async () => {
  world.goTo('2026-11-01')
  const service = await world.buy(world.premium)
  world.goTo('2026-11-16')
  const before = await creditOf(world.db, world.accountId, 'EUR')
  const { now, ordered } = await upgrade(service, { packageId: world.basic.id })
  expect(ordered?.invoiceId).toBeUndefined()
  expect([now?.chargeMinor, now?.creditMinor, now?.excessMinor]).toEqual([467n, 1400n, 933n]) // 14 of 30 days
  const note = await world.db
    .selectFrom('invoice')
    .where('corrects_id', '=', service.invoiceId)
    .selectAll()
    .executeTakeFirstOrThrow()
  expect(note.subtotal_minor).toBe('933')
  expect((await creditOf(world.db, world.accountId, 'EUR')) - before).toBe(BigInt(note.total_minor))
  expect(await serviceOf(service)).toMatchObject({ product_id: world.basic.id, price_minor: '1000' })
  expect((await periodsOf(service)).at(-1)).toEqual({
    reason: 'upgrade',
    from: '2026-11-17',
    to: '2026-12-01',
    net: 467,
  })
})

test('days that pass until a change is paid are not paid at the new price', async () => {
  world.goTo('2026-11-01')
  const service = await world.buy(world.premium)
  world.goTo('2026-11-11')
  const { ordered } = await upgrade(service, { resources: { [world.premium.addresses.id]: 3 } })
  world.goTo('2026-11-16')
  await world.pay({ id: ordered?.invoiceId ?? '', accountId: world.accountId })
  const note = await world.db
    .selectFrom('invoice')
    .where('corrects_id', '=', ordered?.invoiceId ?? '')
    .selectAll()
    .executeTakeFirstOrThrow()
  expect(note.subtotal_minor).toBe('50') // 5 days of 3.00 a month
  expect((await periodsOf(service)).map(period => period.net)).toEqual([3000, 1650])
})

test('a change that is not paid expires with its invoice, and what is paid for it then becomes credit', async () => {
  world.goTo('2026-11-01')
  const service = await world.buy(world.basic)
  const { ordered } = await upgrade(service, { packageId: world.premium.id })
  const invoice = { id: ordered?.invoiceId ?? '', accountId: world.accountId }
  world.goTo('2026-11-08')
  await sweepServices(world)
  expect((await changeOf(service))?.state).toBe('invoiced')
  world.goTo('2026-11-09')
  await Promise.all([sweepServices(world), sweepServices(world)])
  expect((await changeOf(service))?.state).toBe('expired')
  expect(await statusOfInvoice(invoice.id)).toBe('Cancelled')
  expect((await serviceOf(service)).product_id).toBe(world.basic.id)
  const before = await creditOf(world.db, world.accountId, 'EUR')
  await world.run((ctx, tx) =>
    recordPayment(ctx, tx, {
      ...{ accountId: world.accountId, invoiceId: invoice.id, methodId: null, gateway: 'manual', externalId: 'late' },
      ...{ amountMinor: 2000n, currency: 'EUR', at: ctx.business.now() },
    }),
  )
  expect((await creditOf(world.db, world.accountId, 'EUR')) - before).toBe(2000n)
  expect((await serviceOf(service)).product_id).toBe(world.basic.id)
})

test('a change at renewal is billed with it and takes effect when that period begins, however early it is paid', async () => {
  world.goTo('2026-11-01')
  const service = await world.buy(world.premium)
  await upgrade(service, { packageId: world.basic.id, apply: 'renewal' })
  world.goTo('2026-11-20')
  const id = await world.asOwner(ctx => renewService(ctx, service.id))
  await world.pay({ id, accountId: world.accountId })
  await sweepServices(world)
  expect(await serviceOf(service)).toMatchObject({ product_id: world.premium.id, price_minor: '3000' })
  world.goTo('2026-12-01')
  await sweepServices(world)
  expect(await serviceOf(service)).toMatchObject({ product_id: world.basic.id, price_minor: '1000' })
  expect((await periodsOf(service)).at(-1)).toEqual({
    reason: 'renewal',
    from: '2026-12-01',
    to: '2027-01-01',
    net: 1000,
  })
})

test('a change on a renewal whose invoice is cancelled waits for the next renewal', async () => {
  world.goTo('2026-11-01')
  const service = await world.buy(world.basic)
  await world.asOwner(ctx => setCycle(ctx, service.id, 'a'))
  const id = await world.asOwner(ctx => renewService(ctx, service.id))
  expect((await serviceOf(service)).invoiced_until).toEqual(new Date('2027-12-01'))
  await world.run((ctx, tx) => voidInvoice(ctx, tx, { id, accountId: world.accountId }, 'test'))
  expect((await changeOf(service))?.state).toBe('queued')
  expect((await serviceOf(service)).invoiced_until).toEqual(new Date('2026-12-01'))
  await world.run((ctx, tx) => cancelChange(ctx, tx, service))
  const again = await world.asOwner(ctx => renewService(ctx, service.id))
  const { subtotal_minor } = await invoiceOf(again)
  expect(subtotal_minor).toBe('1000')
})

test('of two changes at the same moment one is made, and the other is refused', async () => {
  world.goTo('2026-11-01')
  const service = await world.buy(world.basic)
  const results = await Promise.allSettled([
    upgrade(service, toLarge(world)),
    upgrade(service, { packageId: world.premium.id }),
    upgrade(service, { cycle: 'a' }),
  ])
  expect(results.filter(result => result.status === 'fulfilled')).toHaveLength(1)
  for (const result of results) {
    if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'conflict' })
  }
  const changes = await world.db.selectFrom('service_change').where('service_id', '=', service.id).selectAll().execute()
  expect(changes).toHaveLength(1)
})

test('of a change and a renewal at the same moment one waits for the other', async () => {
  world.goTo('2026-11-20')
  for (let round = 0; round < 4; round++) {
    const service = await world.buy(world.basic)
    const [changed, renewed] = await Promise.allSettled([
      upgrade(service, toLarge(world)),
      world.asOwner(ctx => renewService(ctx, service.id)),
    ])
    expect([changed.status, renewed.status].sort()).toEqual(['fulfilled', 'rejected'])
    if (changed.status === 'rejected') expect(changed.reason).toMatchObject({ code: 'conflict' })
    if (renewed.status === 'rejected') expect(renewed.reason).toMatchObject({ code: 'renewnotavailable' })
  }
})

test.each<[string, (service: Bought) => Partial<UpgradeRequest>, string]>([
  ['a product that it cannot become', () => ({ packageId: '999999' }), 'package'],
  ['a cycle that is not offered', () => ({ cycle: 'w' }), 'cycle'],
  ['an end of its billing', () => ({ cycle: 'Once' }), 'cycle'],
  [
    'a field of another product',
    () => ({ resources: { [world.premium.disk.id]: world.premium.disk.large } }),
    'resources',
  ],
  [
    'an item of another field',
    () => ({ resources: { [world.basic.disk.id]: world.basic.addresses.item } }),
    'resources',
  ],
  ['a negative quantity', () => ({ resources: { [world.basic.addresses.id]: -1 } }), 'resources'],
  ['a part of one', () => ({ resources: { [world.basic.addresses.id]: '1.5' } }), 'resources'],
])('%s is refused by the name of its field, and nothing is written', async (_what, request, field) => {
  world.goTo('2026-11-01')
  const service = await world.buy(world.basic)
  const refused = upgrade(service, request(service))
  const error = await refused.then(
    () => undefined,
    (reason: Refusal) => reason,
  )
  expect(error).toMatchObject({ code: 'field_format_error' })
  expect(Object.keys(error?.detail.fields ?? {})[0]?.startsWith(field)).toBe(true)
  expect(await changeOf(service)).toBeUndefined()
})

test.each([
  ['more', 9, { maximum: 2 }, 2],
  ['less', 1, { minimum: 5 }, 5],
])(
  '%s of something than the new product allows is not had by saying nothing of it',
  async (_, had, limits, allowed) => {
    world.goTo('2026-11-01')
    const { basic, premium, db } = world
    const service = await world.buy(basic, 'm', { [basic.addresses.id]: { [basic.addresses.item]: had } })
    const limit = (values: { minimum?: number; maximum?: number }) =>
      db.updateTable('form_field').set(values).where('id', '=', premium.addresses.id).execute()
    await limit(limits)
    const field = `resources[${premium.addresses.id}]`
    await expect(quote(service, { packageId: premium.id })).rejects.toMatchObject({
      code: 'field_format_error',
      detail: { fields: { [field]: ['field_format_error'] } },
    })
    const { plan } = await quote(service, { packageId: premium.id, resources: { [premium.addresses.id]: allowed } })
    expect(plan.config[premium.addresses.id]).toEqual({ [premium.addresses.item]: allowed })
    await limit({ minimum: 0, maximum: 9 })
  },
)

test('what is not paid yet cannot be changed now, and what changes nothing is no change', async () => {
  world.goTo('2026-11-01')
  const service = await world.buy(world.basic)
  await expect(upgrade(service, {})).rejects.toMatchObject({ code: 'conflict', detail: { also: ['nothing_changes'] } })
  await world.asOwner(ctx => renewService(ctx, service.id))
  await expect(upgrade(service, toLarge(world))).rejects.toMatchObject({ detail: { also: ['unpaid_invoice'] } })
  await expect(world.asOwner(ctx => renewService(ctx, service.id))).rejects.toMatchObject({ code: 'renewnotavailable' })
})

test('a service is renewed for one period ahead and no more', async () => {
  world.goTo('2026-11-01')
  const service = await world.buy(world.basic)
  const renew = () => world.asOwner(ctx => renewService(ctx, service.id))
  await world.pay({ id: await renew(), accountId: world.accountId })
  await expect(renew()).rejects.toMatchObject({ code: 'renewnotavailable' })
  world.goTo('2026-12-02')
  await world.pay({ id: await renew(), accountId: world.accountId })
  expect((await serviceOf(service)).paid_until).toEqual(new Date('2027-02-01'))
})

test('a new cycle that its money does not last a day of is had for a day, and the payment stands', async () => {
  world.goTo('2026-11-01')
  const service = await world.buy(world.basic)
  world.goTo('2026-11-29')
  const resources = { [world.basic.addresses.id]: 9 }
  const { ordered } = await upgrade(service, { cycle: 'd', resources })
  world.goTo('2026-11-30') // 0.33 more of what was paid is used up
  await world.pay({ id: ordered?.invoiceId ?? '', accountId: world.accountId })
  expect((await changeOf(service))?.state).toBe('applied')
  expect((await periodsOf(service)).at(-1)).toEqual({
    reason: 'upgrade',
    from: '2026-11-30',
    to: '2026-12-01',
    net: 62,
  })
})

test('the credit of an upgrade names what it was paid for, not what it becomes', async () => {
  world.goTo('2026-11-01')
  const service = await world.buy(world.basic)
  world.goTo('2026-11-16')
  const { ordered } = await upgrade(service, { packageId: world.premium.id })
  const lines = await world.db
    .selectFrom('invoice_line')
    .where('invoice_id', '=', ordered?.invoiceId ?? '')
    .select('description')
    .orderBy('position')
    .execute()
  expect(lines.map(({ description }) => description)).toEqual([
    'Change to Premium, www.example.com (2026-11-16 – 2026-11-30), disk: small',
    'Change to Premium, www.example.com (2026-11-16 – 2026-11-30): setup',
    'Unused time of Basic, www.example.com',
  ])
})
