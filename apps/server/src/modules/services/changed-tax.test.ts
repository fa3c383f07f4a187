import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Bought, type Shop, shop } from '../../../test/services.ts'
import { defaultConfig } from '../../config.ts'
import { auditMoney, creditOf } from '../billing/index.ts'
import { orderUpgrade } from './upgrade-service.ts'

/* What was paid under one treatment of tax is not taken off what is charged under another. Prices hold 24 % of tax. */
const { billing, seller } = defaultConfig('')
let world: Shop
beforeAll(async () => {
  world = await shop({
    billing: { ...billing, taxInclusive: true },
    seller: { ...seller, vatNumber: 'EE123456789' },
  })
  const vat = { name: 'VAT', country: 'EE', percent: '24', valid_from: '2020-01-01' }
  await world.db.insertInto('tax_rate').values(vat).execute()
  await world.db.updateTable('profile').set({ country: 'EE' }).execute()
  await world.db.updateTable('price').set({ setup_minor: 0 }).execute()
  // Credit of one test must not pay the invoices of the next.
  await world.db.updateTable('account').set({ auto_apply_credit: false }).execute()
})
afterAll(async () => {
  expect(await auditMoney(world.db)).toEqual([])
  await world.close()
})

const exempt = (tax_exempt: boolean) => world.db.updateTable('account').set({ tax_exempt }).execute()
const credit = () => creditOf(world.db, world.accountId, 'EUR')
const toPremium = ({ id: serviceId }: Bought) =>
  world.asOwner(ctx => orderUpgrade(ctx, { serviceId, apply: 'now', packageId: world.premium.id, cycle: 'm' }))
const figuresOf = async (column: 'id' | 'corrects_id', id: string) => {
  const { subtotal_minor, tax_minor, total_minor } = await world.db
    .selectFrom('invoice')
    .where(column, '=', id)
    .selectAll()
    .executeTakeFirstOrThrow()
  return [subtotal_minor, tax_minor, total_minor].map(Number)
}

test.each([
  ['once an exemption ended', true, [9972, 0, 9972], [2419, 581, 3000]],
  ['once an exemption began', false, [8042, 1929, 9971], [3000, 0, 3000]],
])('a change bears its whole tax %s, and what is unused goes back with its own', async (_, was, unused, whole) => {
  await exempt(was)
  world.goTo('2027-01-01')
  const service = await world.buy(world.basic, 'a')
  await exempt(!was)
  world.goTo('2027-01-02') // 100.00 less 1 of 365 days
  const before = await credit()
  const { ordered } = await toPremium(service)
  const invoiceId = ordered?.invoiceId ?? ''
  expect(await figuresOf('id', invoiceId)).toEqual(whole)
  expect(await credit()).toBe(before)
  // What was billed stays as it was billed, whatever the customer is by the time it is paid.
  await exempt(was)
  await world.pay({ id: invoiceId, accountId: world.accountId })
  expect(await figuresOf('corrects_id', service.invoiceId)).toEqual(unused)
  expect(Number((await credit()) - before)).toBe(unused[2])
})

test('what was taxed is not taken off something that is not', async () => {
  await exempt(false)
  await world.db.updateTable('product').set({ taxed: false }).where('id', '=', world.premium.id).execute()
  world.goTo('2027-03-01')
  const service = await world.buy(world.basic)
  const { ordered } = await toPremium(service)
  const invoiceId = ordered?.invoiceId ?? ''
  expect(await figuresOf('id', invoiceId)).toEqual([3000, 0, 3000])
  await world.pay({ id: invoiceId, accountId: world.accountId })
  expect(await figuresOf('corrects_id', service.invoiceId)).toEqual([806, 194, 1000])
})
