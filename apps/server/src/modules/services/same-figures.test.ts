import { parsePercent, percentOf, sum } from '@innkeeper/money'
import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import { type Buyer, createBuyer } from '../../../test/buyer.ts'
import { type Bought, buyService, shop } from '../../../test/services.ts'
import { defaultConfig } from '../../config.ts'
import { runSql } from '../../db/database.ts'
import { runSweeps } from '../renewals/index.ts'
import { renewService } from './renew-service.ts'
import { orderUpgrade, quoteUpgrade, type Upgrade } from './upgrade-service.ts'

const { billing, seller } = defaultConfig('')
const world = await shop({ seller: { ...seller, vatNumber: 'EE123456789' } })
const vat = { name: 'VAT', country: 'EE', percent: '24', valid_from: '2020-01-01' }
await world.db.insertInto('tax_rate').values(vat).execute()
const { id: methodId } = await world.db
  .insertInto('payment_method')
  .values({ key: 'bank', driver: 'bank', name: 'Bank' })
  .returning('id')
  .executeTakeFirstOrThrow()
afterAll(() => world.close())

const drawn = fc.record({
  taxInclusive: fc.boolean(),
  fixed: fc.integer({ min: 0, max: 500 }),
  percent: fc.integer({ min: 0, max: 9_999 }).map(percent => percent / 1000),
  from: fc.constantFrom('basic' as const, 'premium' as const),
  cycle: fc.constantFrom('m' as const, 'q' as const, 'a' as const),
  wait: fc.integer({ min: 0, max: 27 }),
  apply: fc.constantFrom('now' as const, 'renewal' as const),
  to: fc.record(
    {
      product: fc.constantFrom('basic' as const, 'premium' as const),
      cycle: fc.constantFrom('m' as const, 'q' as const, 'a' as const),
      addresses: fc.integer({ min: 1, max: 5 }),
    },
    { requiredKeys: ['product', 'addresses'] },
  ),
})
type Drawn = typeof drawn extends fc.Arbitrary<infer T> ? T : never

async function documentOf(id: string | undefined) {
  const invoice = await world.db
    .selectFrom('invoice')
    .where('id', '=', id ?? null)
    .selectAll()
    .executeTakeFirstOrThrow()
  const lines = await world.db
    .selectFrom('invoice_line')
    .where('invoice_id', '=', invoice.id)
    .orderBy('position')
    .selectAll()
    .execute()
  return {
    methodId: invoice.payment_method_id,
    figures: [invoice.subtotal_minor, invoice.tax_minor, invoice.total_minor].map(BigInt),
    lines: lines.map(line => [line.amount_minor, line.net_minor, line.tax_minor].map(BigInt)),
    /** Of everything but the fee, then the fee. */
    base: sum(lines.filter(line => line.item_id !== '-2').map(line => BigInt(line.amount_minor))),
    fee: sum(lines.filter(line => line.item_id === '-2').map(line => BigInt(line.amount_minor))),
  }
}
type Document = Awaited<ReturnType<typeof documentOf>>

function mustBearFee({ base, fee, methodId: payBy }: Document, { fixed, percent }: Drawn): void {
  expect(payBy).toBe(methodId)
  expect(fee).toBe(base === 0n ? 0n : BigInt(fixed) + percentOf(base, parsePercent(String(percent)) ?? 0))
}

/** Buys what was drawn, and changes it as was drawn. */
async function upgraded(
  buyer: Buyer,
  { from, cycle, wait, apply, to }: Drawn,
): Promise<{ service: Bought; upgrade: Upgrade }> {
  world.goTo('2026-11-01')
  const service = await buyService(world, buyer.accountId, world[from], cycle)
  world.at.advance(wait * 86_400_000)
  const target = world[to.product]
  const request = {
    ...{ serviceId: service.id, apply, resources: { [target.addresses.id]: to.addresses } },
    ...(to.product === from ? {} : { packageId: target.id }),
    ...(to.cycle === undefined ? {} : { cycle: to.cycle }),
  }
  const quoted = await buyer.run(ctx => quoteUpgrade(ctx, request))
  const upgrade = await buyer.run(ctx => orderUpgrade(ctx, request))
  expect(upgrade.now?.priced).toEqual(quoted.now?.priced)
  expect([upgrade.periodMinor, upgrade.setupMinor]).toEqual([quoted.periodMinor, quoted.setupMinor])
  if (upgrade.ordered?.invoiceId !== undefined)
    await world.pay({ id: upgrade.ordered.invoiceId, accountId: buyer.accountId })
  return { service, upgrade }
}

test('a change costs what it was quoted at, and a renewal the same whoever bills it: both with the fee of paying', async () => {
  await fc.assert(
    fc.asyncProperty(drawn, async drawn => {
      const { taxInclusive, fixed, percent } = drawn
      Object.assign(world.config, { billing: { ...billing, taxInclusive } })
      await world.db
        .updateTable('payment_method')
        .set({ fixed_fees: JSON.stringify({ EUR: fixed }), percent_fee: String(percent) })
        .execute()
      const buyer = await createBuyer(world)
      const { service, upgrade } = await upgraded(buyer, drawn)
      const { service: twin } = await upgraded(buyer, drawn)

      const { priced } = upgrade.now ?? {}
      if (upgrade.ordered?.invoiceId !== undefined) {
        const document = await documentOf(upgrade.ordered.invoiceId)
        mustBearFee(document, drawn)
        expect(document.figures).toEqual([priced?.subtotalMinor, priced?.taxMinor, priced?.totalMinor])
        expect(document.lines).toEqual(priced?.lines.map(line => [line.amountMinor, line.netMinor, line.taxMinor]))
      } else expect(priced?.totalMinor ?? 0n).toBe(0n)

      const byHand = await documentOf(await buyer.run(ctx => renewService(ctx, service.id)))
      // A change that waits for the renewal is set up with it.
      expect(byHand.base).toBe(upgrade.periodMinor + (drawn.apply === 'renewal' ? upgrade.setupMinor : 0n))
      mustBearFee(byHand, drawn)
      const { next_invoice_at: dueAt } = await world.db
        .selectFrom('service')
        .where('id', '=', twin.id)
        .select('next_invoice_at')
        .executeTakeFirstOrThrow()
      if (dueAt !== null && dueAt > world.at.now()) world.at.advance(dueAt.getTime() - world.at.now().getTime())
      await runSweeps(world)
      const [swept] = await runSql<{ id: string }>(
        world.db,
        `select l.invoice_id as id from billed_period b join invoice_line l on l.id = b.line_id
         where b.service_id = $1 and b.reason = 'renewal'`,
        [twin.id],
      )
      expect(await documentOf(swept?.id)).toEqual(byHand)
      // The next run is about others.
      await runSql(world.db, `update account set parked_at = now(), parked_reason = 'of another run'`)
    }),
    { numRuns: 25, endOnFailure: true },
  )
}, 120_000)
