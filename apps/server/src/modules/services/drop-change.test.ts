import { randomUUID } from 'node:crypto'
import { afterAll, expect, test } from 'vitest'
import { type Bought, shop } from '../../../test/services.ts'
import { defaultConfig } from '../../config.ts'
import { auditMoney, creditOf, recordPayment } from '../billing/index.ts'
import { billRenewals } from './bill-renewals.ts'
import { cancelChange } from './drop-change.ts'
import { terminateService } from './end-service.ts'
import { renewalsOf } from './renewal.ts'
import { orderUpgrade } from './upgrade-service.ts'

const world = await shop({ billing: { ...defaultConfig('/unused').billing, mergeRenewals: true } })
// Credit of one test must not pay the invoices of the next.
await world.db.updateTable('account').set({ auto_apply_credit: false }).execute()
afterAll(() => world.close())

const invoiceOf = (id: string) =>
  world.db.selectFrom('invoice').where('id', '=', id).selectAll().executeTakeFirstOrThrow()
const pay = (invoiceId: string, amountMinor: bigint) =>
  world.run((ctx, tx) =>
    recordPayment(ctx, tx, {
      ...{ accountId: world.accountId, invoiceId, methodId: null, gateway: 'manual', externalId: randomUUID() },
      ...{ amountMinor, currency: 'EUR', at: ctx.business.now() },
    }),
  )
const renewTogether = (...services: readonly Bought[]) =>
  world.run(async (ctx, tx) => {
    const ids = services.map(service => service.id)
    const [first, ...others] = await renewalsOf(ctx, tx, world.accountId, ids)
    if (first === undefined) throw new Error('there is nothing to renew')
    return (await billRenewals(ctx, tx, [first, ...others])).id
  })

test.each([
  ['not paid', 0n],
  ['paid in part', 1n],
])(
  'a service that ends with its change takes what it was to be renewed for off the invoice and leaves the renewal of others as it was billed, %s',
  async (_how, paidMinor) => {
    world.goTo('2026-11-01')
    const ending = await world.buy(world.basic)
    const other = await world.buy(world.premium)
    const resources = { [world.basic.addresses.id]: 1 }
    await world.asOwner(ctx => orderUpgrade(ctx, { serviceId: ending.id, apply: 'renewal', resources }))
    const id = await renewTogether(ending, other)
    if (paidMinor > 0n) await pay(id, paidMinor)
    const before = await invoiceOf(id)
    await world.run((ctx, tx) => terminateService(ctx, tx, ending, 'test'))
    // 10.00 of the service and 1.00 of what its change adds.
    const due_minor = String(Number(before.due_minor) - 1100)
    expect(await invoiceOf(id)).toEqual({ ...before, due_minor, credited_minor: '1100' })
    const { paid_until } = await world.db
      .selectFrom('service')
      .where('id', '=', other.id)
      .select('paid_until')
      .executeTakeFirstOrThrow()
    expect(paid_until).toEqual(new Date('2026-12-01'))
    expect(await creditOf(world.db, world.accountId, 'EUR')).toBe(0n)
    expect(await auditMoney(world.db)).toEqual([])
  },
)

test('the last piece of a product can be had by a change again and again, as it is given back', async () => {
  const { basic, premium, db } = world
  const stockTo = (stock: number | null) =>
    db.updateTable('product').set({ stock }).where('id', '=', premium.id).execute()
  await stockTo(1)
  const [first, second] = [await world.buy(basic), await world.buy(basic)]
  const become = ({ id: serviceId }: Bought) =>
    world.asOwner(ctx => orderUpgrade(ctx, { serviceId, apply: 'renewal', packageId: premium.id }))
  for (const service of [first, first, second]) {
    await become(service)
    await world.run((ctx, tx) => cancelChange(ctx, tx, service))
  }
  await become(first)
  await expect(become(second)).rejects.toMatchObject({ code: 'field_format_error' })
  await stockTo(null)
})
