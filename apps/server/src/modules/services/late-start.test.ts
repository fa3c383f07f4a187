import { afterAll, expect, test } from 'vitest'
import { shop } from '../../../test/services.ts'
import { auditMoney } from '../billing/index.ts'
import { completeProvisioning } from './complete-provisioning.ts'
import { renewalsOf } from './renewal.ts'

/* Services that staff make, who have much to do. */
const world = await shop({}, 'manual')
afterAll(async () => {
  expect(await auditMoney(world.db)).toEqual([])
  await world.close()
})

const complete = (id: string) =>
  world.run((ctx, tx) => completeProvisioning(ctx, tx, { id, accountId: world.accountId }, {}))

async function stateOf(id: string) {
  const period = await world.db
    .selectFrom('billed_period')
    .where('service_id', '=', id)
    .select(['starts_at', 'ends_at'])
    .executeTakeFirstOrThrow()
  const service = await world.db.selectFrom('service').where('id', '=', id).selectAll().executeTakeFirstOrThrow()
  const [next] = await world.run((ctx, tx) => renewalsOf(ctx, tx, world.accountId, [id]))
  const day = (moment: Date | null | undefined) => moment?.toISOString().slice(0, 10)
  return {
    ...{ from: day(period.starts_at), to: day(period.ends_at), paidUntil: day(service.paid_until) },
    ...{ invoicedUntil: day(service.invoiced_until), next: [day(next?.period.startsAt), day(next?.period.endsAt)] },
  }
}

test('a service that is made within its first period has had that from the order', async () => {
  world.goTo('2026-11-01')
  const { id } = await world.buy(world.basic)
  world.goTo('2026-11-20')
  await complete(id)
  expect(await stateOf(id)).toEqual({
    ...{ from: '2026-11-01', to: '2026-12-01', paidUntil: '2026-12-01', invoicedUntil: '2026-12-01' },
    next: ['2026-12-01', '2027-01-01'],
  })
})

test('one that is made when that is over begins then, for as long as was paid for', async () => {
  world.goTo('2026-11-01')
  const { id } = await world.buy(world.basic)
  world.goTo('2027-01-12')
  await complete(id)
  expect(await stateOf(id)).toEqual({
    ...{ from: '2027-01-12', to: '2027-02-11', paidUntil: '2027-02-11', invoicedUntil: '2027-02-11' },
    next: ['2027-02-11', '2027-03-11'],
  })
  const trail = world.db.selectFrom('audit').select('detail').where('event', '=', 'service.start_late')
  expect(await trail.execute()).toEqual([
    {
      detail: {
        service_id: id,
        starts_at: '2027-01-12T00:00:00.000Z',
        ends_at: '2027-02-11T00:00:00.000Z',
        anchor_day: 11,
      },
    },
  ])
})

test('so does one that makes itself, and is paid late', async () => {
  world.goTo('2026-11-01')
  await world.db.updateTable('product').set({ provisioner: 'none' }).execute()
  const service = await world.order(world.basic, 'd')
  world.goTo('2026-11-06')
  await world.pay({ id: service.invoiceId, accountId: world.accountId })
  expect(await stateOf(service.id)).toEqual({
    ...{ from: '2026-11-06', to: '2026-11-07', paidUntil: '2026-11-07', invoicedUntil: '2026-11-07' },
    next: ['2026-11-07', '2026-11-08'],
  })
})
