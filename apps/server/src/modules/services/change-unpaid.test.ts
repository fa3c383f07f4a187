import { randomUUID } from 'node:crypto'
import { afterAll, expect, test } from 'vitest'
import { shop } from '../../../test/services.ts'
import { auditMoney, creditOf, recordChargeback } from '../billing/index.ts'
import { orderUpgrade, quoteUpgrade } from './upgrade-service.ts'

const world = await shop()
// What becomes credit must not pay the invoice whose payment was charged back.
await world.db.updateTable('account').set({ auto_apply_credit: false }).execute()
afterAll(() => world.close())

test('a change paid after the period that it replaces was charged back is not made: its money becomes credit', async () => {
  world.goTo('2026-11-01')
  const service = await world.buy(world.basic, 'a')
  const { ordered } = await world.asOwner(ctx =>
    orderUpgrade(ctx, { serviceId: service.id, apply: 'now', packageId: world.premium.id }),
  )
  const invoiceId = ordered?.invoiceId ?? ''
  const { total_minor } = await world.db
    .selectFrom('invoice')
    .where('id', '=', invoiceId)
    .select('total_minor')
    .executeTakeFirstOrThrow()
  const { id: paymentId } = await world.db
    .selectFrom('payment')
    .where('invoice_id', '=', service.invoiceId)
    .select('id')
    .executeTakeFirstOrThrow()
  await world.run((ctx, tx) => recordChargeback(ctx, tx, { paymentId, amountMinor: 10000n, externalId: randomUUID() }))
  await world.pay({ id: invoiceId, accountId: world.accountId })
  expect(await creditOf(world.db, world.accountId, 'EUR')).toBe(BigInt(total_minor))
  const change = await world.db.selectFrom('service_change').selectAll().executeTakeFirstOrThrow()
  expect(change.state).toBe('cancelled')
  const row = () => world.db.selectFrom('service').where('id', '=', service.id).selectAll().executeTakeFirstOrThrow()
  expect(await row()).toMatchObject({ product_id: world.basic.id, paid_until: new Date('2026-11-01') })
  await world.pay({ id: service.invoiceId, accountId: world.accountId })
  expect(await row()).toMatchObject({ product_id: world.basic.id, paid_until: new Date('2027-11-01') })
  expect(await auditMoney(world.db)).toEqual([])
  await world.db.updateTable('account').set({ parked_at: null, parked_reason: null }).execute()
  const again = await world.asOwner(ctx =>
    quoteUpgrade(ctx, { serviceId: service.id, apply: 'now', packageId: world.premium.id }),
  )
  expect([again.now?.chargeMinor, again.now?.creditMinor]).toEqual([30000n, 10000n])
})
