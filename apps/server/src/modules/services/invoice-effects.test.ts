import { afterAll, expect, test } from 'vitest'
import { type Bought, shop, sweepServices } from '../../../test/services.ts'
import { recordChargeback, voidInvoice } from '../billing/index.ts'
import { billPeriods } from './bill-periods.ts'
import { billRenewals } from './bill-renewals.ts'
import type { NewPeriod } from './bought.ts'
import { cancelAtPeriodEnd, keepService } from './end-service.ts'
import { serviceEffects } from './invoice-effects.ts'
import { renewService } from './renew-service.ts'
import { renewalsOf } from './renewal.ts'
import { suspendService } from './suspend-service.ts'

const world = await shop()
afterAll(() => world.close())

const rowOf = ({ id }: Bought) =>
  world.db.selectFrom('service').where('id', '=', id).selectAll().executeTakeFirstOrThrow()
const again = async (effect: keyof typeof serviceEffects, { invoiceId: id, accountId }: Bought) =>
  await world.run((ctx, tx) => serviceEffects[effect](ctx, tx, { id, accountId, wasTold: true }))
const overdue = (service: Bought) => world.run((ctx, tx) => suspendService(ctx, tx, service, 'overdue'))

test('a service is pending until it is paid, and paid until the end of its period from then on', async () => {
  world.goTo('2026-11-01')
  const service = await world.order(world.basic)
  expect(await rowOf(service)).toMatchObject({
    status: 'Pending',
    invoiced_until: new Date('2026-12-01'),
    next_invoice_at: new Date('2026-11-17'),
    paid_until: new Date('2026-11-01'),
  })
  await world.pay({ id: service.invoiceId, accountId: service.accountId })
  const paid = await rowOf(service)
  expect(paid).toMatchObject({ status: 'Active', provisioning: 'done', paid_until: new Date('2026-12-01') })
  await again('invoicePaid', service)
  expect(await rowOf(service)).toEqual(paid)
})

test('an invoice that is cancelled before it is paid takes its services with it and frees their periods', async () => {
  world.goTo('2026-11-01')
  const service = await world.order(world.basic)
  await world.run((ctx, tx) => voidInvoice(ctx, tx, { id: service.invoiceId, accountId: service.accountId }, 'test'))
  const cancelled = await rowOf(service)
  expect(cancelled).toMatchObject({ status: 'Cancelled', next_invoice_at: null, provisioning: 'none' })
  const periods = await world.db.selectFrom('billed_period').where('service_id', '=', service.id).selectAll().execute()
  expect(periods.map(period => period.released_at)).toEqual([world.at.now()])
  await again('invoiceCancelled', service)
  expect(await rowOf(service)).toEqual(cancelled)
})

test('what was stopped because it is overdue runs again when nothing is overdue, and not before', async () => {
  world.goTo('2026-11-01')
  const service = await world.buy(world.basic)
  world.goTo('2026-11-30')
  const december = await world.asOwner(ctx => renewService(ctx, service.id))
  world.goTo('2026-12-10')
  const january = await billJanuary(service)
  world.goTo('2027-01-10')
  await overdue(service)
  await world.pay({ id: december, accountId: service.accountId })
  expect(await rowOf(service)).toMatchObject({ status: 'Suspended', paid_until: new Date('2027-01-01') })
  await world.pay({ id: january, accountId: service.accountId })
  expect(await rowOf(service)).toMatchObject({
    status: 'Active',
    suspend_reason: null,
    paid_until: new Date('2027-02-01'),
  })
})

test('what staff have stopped, a payment does not start', async () => {
  world.goTo('2026-11-01')
  const service = await world.buy(world.basic)
  const renewal = await world.asOwner(ctx => renewService(ctx, service.id))
  await overdue(service)
  await world.run((ctx, tx) => suspendService(ctx, tx, service, 'staff'))
  await world.pay({ id: renewal, accountId: service.accountId })
  expect(await rowOf(service)).toMatchObject({ status: 'Suspended', suspend_reason: 'staff' })
})

test('a chargeback makes the period unpaid again, and paying it once more makes it paid', async () => {
  world.goTo('2026-11-01')
  const service = await world.buy(world.basic)
  const payment = await world.db
    .selectFrom('payment')
    .where('invoice_id', '=', service.invoiceId)
    .selectAll()
    .executeTakeFirstOrThrow()
  await world.run((ctx, tx) =>
    recordChargeback(ctx, tx, {
      paymentId: payment.id,
      amountMinor: BigInt(payment.amount_minor),
      externalId: `back ${payment.id}`,
    }),
  )
  expect(await rowOf(service)).toMatchObject({ status: 'Active', paid_until: new Date('2026-11-01') })
  await world.pay({ id: service.invoiceId, accountId: service.accountId })
  expect((await rowOf(service)).paid_until).toEqual(new Date('2026-12-01'))
})

test('of many who bill the same period one does, and the others are told', async () => {
  world.goTo('2026-11-01')
  const service = await world.buy(world.basic)
  const period: NewPeriod = {
    ...{ accountId: service.accountId, serviceId: service.id, lineId: null, reason: 'renewal', netMinor: 1000n },
    ...{ startsAt: new Date('2026-12-01'), endsAt: new Date('2027-01-01') },
  }
  const results = await Promise.all(
    Array.from({ length: 8 }, () => world.run((ctx, tx) => billPeriods(ctx, tx, [period]))),
  )
  expect(results.flat().sort()).toEqual([...Array(7).fill('already'), 'billed'])
})

test('a service that was asked to end is not renewed, and ends when its period is over; the wish can be taken back', async () => {
  world.goTo('2026-11-01')
  const service = await world.buy(world.basic)
  const end = () => world.run((ctx, tx) => cancelAtPeriodEnd(ctx, tx, service, 'test'))
  await end()
  expect(await rowOf(service)).toMatchObject({ cancel_at: new Date('2026-12-01'), next_invoice_at: null })
  await expect(world.asOwner(ctx => renewService(ctx, service.id))).rejects.toMatchObject({ code: 'renewnotavailable' })
  await world.run((ctx, tx) => keepService(ctx, tx, service))
  expect(await rowOf(service)).toMatchObject({ cancel_at: null, next_invoice_at: new Date('2026-11-17') })
  await end()
  world.goTo('2026-11-30')
  await sweepServices(world)
  expect((await rowOf(service)).status).toBe('Active')
  world.goTo('2026-12-01')
  await Promise.all([sweepServices(world), sweepServices(world)])
  expect(await rowOf(service)).toMatchObject({ status: 'Cancelled', ended_at: world.at.now() })
})

/** January, billed while December is not paid: what the sweep of renewals does. */
async function billJanuary({ id, accountId }: Bought): Promise<string> {
  return await world.run(async (ctx, tx) => {
    const [renewal] = await renewalsOf(ctx, tx, accountId, [id])
    if (renewal === undefined) throw new Error('there is nothing to renew')
    return (await billRenewals(ctx, tx, [renewal])).id
  })
}
