import { randomUUID } from 'node:crypto'
import { afterAll, expect, test } from 'vitest'
import { shop } from '../../../test/services.ts'
import { defaultConfig } from '../../config.ts'
import { auditMoney, creditOf, recordPayment } from '../billing/index.ts'
import { cancelChange } from './drop-change.ts'
import { serviceEffects } from './invoice-effects.ts'
import { sweepServices } from './sweep-changes.ts'
import { orderUpgrade } from './upgrade-service.ts'

const world = await shop({ billing: { ...defaultConfig('/unused').billing, numberOn: 'payment' } })
// Credit of one test must not pay the invoices of the next.
await world.db.updateTable('account').set({ auto_apply_credit: false }).execute()
afterAll(() => world.close())

test.each(['cancelled', 'expired'] as const)(
  'a pro-forma of a change that was %s gives its money back when it is paid',
  async as => {
    world.goTo('2026-11-01')
    const service = await world.buy(world.basic)
    const { ordered } = await world.asOwner(ctx =>
      orderUpgrade(ctx, { serviceId: service.id, apply: 'now', packageId: world.premium.id }),
    )
    const invoice = { id: ordered?.invoiceId ?? '', accountId: world.accountId }
    await world.run((ctx, tx) =>
      recordPayment(ctx, tx, {
        ...{ accountId: world.accountId, invoiceId: invoice.id, methodId: null, gateway: 'manual' },
        ...{ externalId: randomUUID(), amountMinor: 100n, currency: 'EUR', at: ctx.business.now() },
      }),
    )
    if (as === 'cancelled') await world.run((ctx, tx) => cancelChange(ctx, tx, service))
    else {
      world.goTo('2026-11-10')
      await sweepServices(world)
    }
    const before = await creditOf(world.db, world.accountId, 'EUR')
    await world.pay(invoice)
    const { total_minor, status } = await world.db
      .selectFrom('invoice')
      .where('id', '=', invoice.id)
      .selectAll()
      .executeTakeFirstOrThrow()
    expect(status).toBe('Refunded')
    const given = async () => (await creditOf(world.db, world.accountId, 'EUR')) - before
    expect(await given()).toBe(BigInt(total_minor))
    await world.run((ctx, tx) => serviceEffects.invoicePaid(ctx, tx, { ...invoice, wasTold: true }))
    expect(await given()).toBe(BigInt(total_minor))
    const row = await world.db.selectFrom('service').where('id', '=', service.id).selectAll().executeTakeFirstOrThrow()
    expect(row.product_id).toBe(world.basic.id)
    expect(await auditMoney(world.db)).toEqual([])
  },
)
