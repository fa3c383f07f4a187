import { randomUUID } from 'node:crypto'
import { afterAll, expect, test } from 'vitest'
import { type Bought, shop, sweepServices } from '../../../test/services.ts'
import { defaultConfig } from '../../config.ts'
import { addCredit, applyCredit, auditMoney, creditOf, recordPayment } from '../billing/index.ts'
import { openChange } from './change-store.ts'
import { cancelChange, dropChange } from './drop-change.ts'
import { serviceEffects } from './invoice-effects.ts'
import { orderUpgrade } from './upgrade-service.ts'

const world = await shop({ billing: { ...defaultConfig('/unused').billing, numberOn: 'payment' } })
// Credit of one test must not pay the invoices of the next.
await world.db.updateTable('account').set({ auto_apply_credit: false }).execute()
afterAll(() => world.close())

const order = async () => {
  world.goTo('2026-11-01')
  const service = await world.buy(world.basic)
  const { ordered } = await world.asOwner(ctx =>
    orderUpgrade(ctx, { serviceId: service.id, apply: 'now', packageId: world.premium.id }),
  )
  return { service, invoice: { id: ordered?.invoiceId ?? '', accountId: world.accountId } }
}
const pay = (invoiceId: string, amountMinor: bigint) =>
  world.run((ctx, tx) =>
    recordPayment(ctx, tx, {
      ...{ accountId: world.accountId, invoiceId, methodId: null, gateway: 'manual' },
      ...{ externalId: randomUUID(), amountMinor, currency: 'EUR', at: ctx.business.now() },
    }),
  )
const credit = () => creditOf(world.db, world.accountId, 'EUR')
const invoiceOf = (id: string) =>
  world.db.selectFrom('invoice').where('id', '=', id).selectAll().executeTakeFirstOrThrow()
const productOf = async ({ id }: Bought) =>
  (await world.db.selectFrom('service').where('id', '=', id).select('product_id').executeTakeFirstOrThrow()).product_id

test.each(['cancelled', 'expired'] as const)(
  'what was paid of a pro-forma becomes credit when its change is %s, and so does what is paid for it later',
  async as => {
    const { service, invoice } = await order()
    const [start, { total_minor }] = [await credit(), await invoiceOf(invoice.id)]
    await world.run((ctx, tx) =>
      addCredit(ctx, tx, {
        ...{ accountId: world.accountId, amountMinor: 50n, currency: 'EUR', key: randomUUID(), description: 'test' },
      }),
    )
    await world.run((ctx, tx) => applyCredit(ctx, tx, { ...invoice, invoiceId: invoice.id, amountMinor: 50n }))
    for (const part of [100n, 250n]) await pay(invoice.id, part)
    expect(await credit()).toBe(start)
    if (as === 'cancelled') await world.run((ctx, tx) => cancelChange(ctx, tx, service))
    else {
      world.goTo('2026-11-10')
      await sweepServices(world)
    }
    expect((await credit()) - start).toBe(400n)
    expect(await invoiceOf(invoice.id)).toMatchObject({
      status: 'Cancelled',
      number: null,
      paid_minor: '0',
      due_minor: '0',
    })
    await pay(invoice.id, BigInt(total_minor))
    expect((await credit()) - start).toBe(400n + BigInt(total_minor))
    expect(await productOf(service)).toBe(world.basic.id)
    expect(await auditMoney(world.db)).toEqual([])
  },
)

test('a pro-forma that its dropped change left open gives its money back when it is paid, and once', async () => {
  const { service, invoice } = await order()
  await pay(invoice.id, 100n)
  await world.run(async (ctx, tx) => {
    const change = await openChange(tx, world.accountId, service.id)
    await dropChange(ctx, tx, change ?? expect.fail('nothing was ordered'), 'cancelled')
  })
  const before = await credit()
  await world.pay(invoice)
  const { total_minor, status } = await invoiceOf(invoice.id)
  expect(status).toBe('Refunded')
  const given = async () => (await credit()) - before
  expect(await given()).toBe(BigInt(total_minor))
  await world.run((ctx, tx) => serviceEffects.invoicePaid(ctx, tx, { ...invoice, wasTold: false }))
  expect(await given()).toBe(BigInt(total_minor))
  expect(await productOf(service)).toBe(world.basic.id)
  expect(await auditMoney(world.db)).toEqual([])
})
