import { randomUUID } from 'node:crypto'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { type Bought, type Shop, shop, sweepServices } from '../../../test/services.ts'
import { defaultConfig } from '../../config.ts'
import { auditMoney, creditOf, recordPayment } from '../billing/index.ts'
import { runSweeps } from '../renewals/index.ts'
import { cancelAtPeriodEnd, terminateService } from './end-service.ts'

const { billing } = defaultConfig('/unused')
const world = await shop({ billing: { ...billing, mergeRenewals: true } })
const proformas = await shop({ billing: { ...billing, mergeRenewals: true, numberOn: 'payment' } })
afterAll(async () => {
  for (const each of [world, proformas]) {
    expect(await auditMoney(each.db)).toEqual([])
    await each.close()
  }
})

const invoicesOf = async ({ db }: Shop) =>
  (await db.selectFrom('invoice').where('kind', '=', 'invoice').selectAll().orderBy('id').execute()).map(
    ({ id, status, due_minor }) => ({ id, status, due: due_minor }),
  )
/** The one that was made last. */
const renewalOf = async (at: Shop) => (await invoicesOf(at)).at(-1) ?? expect.fail('nothing was billed')
const end = (at: Shop, service: Bought) => at.run((ctx, tx) => terminateService(ctx, tx, service, 'test'))
const pay = (at: Shop, invoiceId: string, amountMinor: bigint) =>
  at.run((ctx, tx) =>
    recordPayment(ctx, tx, {
      ...{ accountId: at.accountId, invoiceId, methodId: null, gateway: 'manual', externalId: randomUUID() },
      ...{ amountMinor, currency: 'EUR', at: ctx.business.now() },
    }),
  )
const credit = (at: Shop) => creditOf(at.db, at.accountId, 'EUR')
async function live(at: Shop, day: string) {
  at.goTo(day)
  await runSweeps(at)
}

beforeEach(async () => {
  for (const each of [world, proformas]) {
    each.goTo('2026-11-01')
    // Credit and services of one test have no part in the next.
    await each.db.updateTable('account').set({ auto_apply_credit: false }).execute()
    await each.db
      .updateTable('service')
      .set({ status: 'Cancelled', ended_at: each.at.now(), next_invoice_at: null })
      .execute()
  }
})

describe('a service that ends before its renewal begins', () => {
  test.each([
    ['a final invoice', world],
    ['a pro-forma', proformas],
  ])('owes nothing of it, nor is it reminded of: %s', async (_what, at) => {
    const service = await at.buy(at.basic)
    await live(at, '2026-11-20')
    const { id } = await renewalOf(at)
    await end(at, service)
    expect(await renewalOf(at)).toMatchObject({ id, status: 'Cancelled', due: '0' })
    for (const day of ['2026-11-28', '2026-12-02', '2026-12-05', '2027-01-10']) await live(at, day)
    expect(await at.db.selectFrom('dunning').where('invoice_id', '=', id).selectAll().execute()).toEqual([])
    expect(await renewalOf(at)).toMatchObject({ id })
  })

  test.each([
    ['a final invoice', world],
    ['a pro-forma', proformas],
  ])('gets back as credit what was paid of it in part: %s', async (_what, at) => {
    const service = await at.buy(at.basic)
    await live(at, '2026-11-20')
    const [{ id }, before] = [await renewalOf(at), await credit(at)]
    await pay(at, id, 400n)
    await end(at, service)
    expect([(await renewalOf(at)).due, (await credit(at)) - before]).toEqual(['0', 400n])
  })

  test.each([
    ['a final invoice', world],
    ['a pro-forma', proformas],
  ])('owes nothing of it when the others that it is billed with end too: %s', async (_what, at) => {
    const services = [await at.buy(at.basic), await at.buy(at.premium)]
    await live(at, '2026-11-20')
    for (const service of services) await end(at, service)
    expect(await renewalOf(at)).toMatchObject({ status: 'Cancelled', due: '0' })
  })

  test('takes its own lines off an invoice for others, which go on', async () => {
    const [ending, other] = [await world.buy(world.basic), await world.buy(world.premium)]
    await live(world, '2026-11-20')
    await end(world, ending)
    expect(await renewalOf(world)).toMatchObject({ status: 'Unpaid', due: '3000' })
    await world.pay({ id: (await renewalOf(world)).id, accountId: world.accountId })
    const { paid_until } = await world.db
      .selectFrom('service')
      .where('id', '=', other.id)
      .select('paid_until')
      .executeTakeFirstOrThrow()
    expect(paid_until).toEqual(new Date('2027-01-01'))
  })

  test('gets its part of a pro-forma for others back once that is paid', async () => {
    const ending = await proformas.buy(proformas.basic)
    await proformas.buy(proformas.premium)
    await live(proformas, '2026-11-20')
    const [{ id, due }, before] = [await renewalOf(proformas), await credit(proformas)]
    await end(proformas, ending)
    expect(await renewalOf(proformas)).toEqual({ id, status: 'Unpaid', due })
    await pay(proformas, id, BigInt(due))
    expect((await credit(proformas)) - before).toBe(1000n)
  })

  test('loses nothing that is paid: that is for staff', async () => {
    const service = await world.buy(world.basic)
    await live(world, '2026-11-20')
    const [{ id }, before] = [await renewalOf(world), await credit(world)]
    await pay(world, id, 1000n)
    await end(world, service)
    expect(await renewalOf(world)).toMatchObject({ id, status: 'Paid' })
    expect(await credit(world)).toBe(before)
  })

  test('because that was asked for owes nothing of it, however late the sweep comes', async () => {
    const service = await world.buy(world.basic)
    await live(world, '2026-11-20')
    await world.run((ctx, tx) => cancelAtPeriodEnd(ctx, tx, service, 'test'))
    world.goTo('2026-12-02')
    await sweepServices(world)
    expect(await renewalOf(world)).toMatchObject({ status: 'Cancelled', due: '0' })
  })
})

test('a service that ends in a period which is not paid owes it, whoever ends it', async () => {
  const [ended, asked] = [await world.buy(world.basic), await world.buy(world.basic)]
  await live(world, '2026-11-20')
  const { id } = await renewalOf(world)
  world.goTo('2026-12-02')
  await end(world, ended)
  await world.run((ctx, tx) => cancelAtPeriodEnd(ctx, tx, asked, 'test'))
  await sweepServices(world)
  expect(await renewalOf(world)).toEqual({ id, status: 'Unpaid', due: '2000' })
})
