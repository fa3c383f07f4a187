import { randomUUID } from 'node:crypto'
import { afterAll, expect, test } from 'vitest'
import { type Bought, shop, sweepServices } from '../../../test/services.ts'
import { auditMoney, creditOf, issueCreditNote, refundPayment } from '../billing/index.ts'
import { billRenewals } from './bill-renewals.ts'
import { renewService } from './renew-service.ts'
import { renewalsOf } from './renewal.ts'
import { orderUpgrade, quoteUpgrade, type UpgradeRequest } from './upgrade-service.ts'

const world = await shop()
// Credit of one test must not pay the invoices of the next.
await world.db.updateTable('account').set({ auto_apply_credit: false }).execute()
afterAll(() => world.close())

const toPremium = ({ id: serviceId }: Bought, more: Partial<UpgradeRequest> = {}): UpgradeRequest => ({
  ...{ serviceId, apply: 'now', packageId: world.premium.id, ...more },
})
const credit = () => creditOf(world.db, world.accountId, 'EUR')
const invoiceOf = (id: string) =>
  world.db.selectFrom('invoice').where('id', '=', id).selectAll().executeTakeFirstOrThrow()
const serviceOf = ({ id }: Bought) =>
  world.db.selectFrom('service').where('id', '=', id).selectAll().executeTakeFirstOrThrow()
const changeOn = (invoiceId: string) =>
  world.db.selectFrom('service_change').where('invoice_id', '=', invoiceId).selectAll().executeTakeFirstOrThrow()

async function refund(invoiceId: string, amountMinor: bigint): Promise<void> {
  const { id: paymentId } = await world.db
    .selectFrom('payment')
    .where('invoice_id', '=', invoiceId)
    .select('id')
    .executeTakeFirstOrThrow()
  const wanted = { paymentId, amountMinor, externalId: randomUUID(), to: 'gateway' } as const
  await world.run((ctx, tx) => refundPayment(ctx, tx, wanted))
}

/** A credit note of staff on the item of an invoice. */
async function takeBack(invoiceId: string, netMinor: bigint): Promise<void> {
  const { id: lineId } = await world.db
    .selectFrom('invoice_line')
    .where('invoice_id', '=', invoiceId)
    .select('id')
    .executeTakeFirstOrThrow()
  const order = { invoiceId, lines: [{ lineId, netMinor }], payOut: 'credit', reason: 'test' } as const
  await world.run((ctx, tx) => issueCreditNote(ctx, tx, order))
}

test.each<[string, Partial<UpgradeRequest>, (id: string) => Promise<void>]>([
  ['is refunded', {}, id => refund(id, 1000n)],
  ['is refunded in part', {}, id => refund(id, 700n)],
  ['is credited', {}, id => takeBack(id, 1000n)],
  ['is credited in part', {}, id => takeBack(id, 700n)],
  ['is refunded, and the change begins a new cycle', { cycle: 'a' }, id => refund(id, 1000n)],
])(
  'a change is not made for the difference where what was paid before %s meanwhile: its money becomes credit',
  async (_what, more, giveBack) => {
    world.goTo('2026-11-01')
    const service = await world.buy(world.basic)
    world.goTo('2026-11-16') // 5.00 of 10.00 are left
    const { ordered, now } = await world.asOwner(ctx => orderUpgrade(ctx, toPremium(service, more)))
    expect(now?.creditMinor).toBe(500n)
    await giveBack(service.invoiceId)
    const before = await credit()
    const invoiceId = ordered?.invoiceId ?? ''
    await world.pay({ id: invoiceId, accountId: world.accountId })
    const { status, total_minor } = await invoiceOf(invoiceId)
    expect([status, (await credit()) - before]).toEqual(['Refunded', BigInt(total_minor)])
    expect((await changeOn(invoiceId)).state).toBe('cancelled')
    expect(await serviceOf(service)).toMatchObject({ product_id: world.basic.id, paid_until: new Date('2026-12-01') })
    expect(await auditMoney(world.db)).toEqual([])
  },
)

test('a change is made where enough of what was paid before is left for it', async () => {
  world.goTo('2026-11-01')
  const service = await world.buy(world.basic)
  world.goTo('2026-11-16')
  const { ordered } = await world.asOwner(ctx => orderUpgrade(ctx, toPremium(service)))
  await refund(service.invoiceId, 500n)
  await world.pay({ id: ordered?.invoiceId ?? '', accountId: world.accountId })
  expect(await serviceOf(service)).toMatchObject({ product_id: world.premium.id })
  expect(await auditMoney(world.db)).toEqual([])
})

test('what was paid for months that are over does not stand in for a month that was given back', async () => {
  world.goTo('2026-11-01')
  const service = await world.buy(world.basic)
  const renewal = await world.asOwner(ctx => renewService(ctx, service.id))
  await world.pay({ id: renewal, accountId: world.accountId })
  world.goTo('2026-12-01')
  await refund(renewal, 900n)
  const quoted = await world.asOwner(ctx => quoteUpgrade(ctx, toPremium(service)))
  expect([quoted.now?.chargeMinor, quoted.now?.creditMinor]).toEqual([3000n, 100n])
})

test('what is left of an invoice for two services is counted once', async () => {
  world.goTo('2026-11-01')
  const services = [await world.buy(world.basic), await world.buy(world.premium)] as const
  const { id } = await world.run(async (ctx, tx) => {
    const ids = services.map(service => service.id)
    const [first, ...others] = await renewalsOf(ctx, tx, world.accountId, ids)
    return await billRenewals(ctx, tx, [first ?? expect.fail('nothing to renew'), ...others])
  })
  await world.pay({ id, accountId: world.accountId })
  world.goTo('2026-12-01')
  await refund(id, 3000n)
  const credits: bigint[] = []
  for (const [index, packageId] of [world.premium.id, world.basic.id].entries()) {
    const serviceId = services[index]?.id ?? ''
    const { now } = await world.asOwner(ctx => quoteUpgrade(ctx, { serviceId, apply: 'now', packageId }))
    credits.push(now?.creditMinor ?? 0n)
  }
  expect(credits).toEqual([250n, 750n]) // each its share of 10.00
})

test.each<[string, (id: string) => Promise<void>]>([
  ['refunded', id => refund(id, 3000n)],
  ['credited', id => takeBack(id, 3000n)],
])(
  'a change that was paid with a renewal, which is %s then, takes effect with its period and stops no other',
  async (_how, giveBack) => {
    world.goTo('2026-11-01')
    const service = await world.buy(world.basic)
    await world.db.updateTable('price').set({ setup_minor: 0 }).execute()
    await world.asOwner(ctx => orderUpgrade(ctx, toPremium(service, { apply: 'renewal' })))
    world.goTo('2026-11-20')
    const id = await world.asOwner(ctx => renewService(ctx, service.id))
    await world.pay({ id, accountId: world.accountId })
    await giveBack(id)
    expect((await invoiceOf(id)).status).toBe('Refunded')
    await sweepServices(world)
    expect(await serviceOf(service)).toMatchObject({ product_id: world.basic.id })
    world.goTo('2026-12-01')
    await sweepServices(world)
    expect((await changeOn(id)).state).toBe('applied')
    // Its period stands, as any that was given back does.
    expect(await serviceOf(service)).toMatchObject({ product_id: world.premium.id, paid_until: new Date('2027-01-01') })
    const again = { serviceId: service.id, apply: 'renewal', packageId: world.basic.id } as const
    await world.asOwner(ctx => orderUpgrade(ctx, again))
  },
)
