import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestApp, testApp } from '../../../test/app.ts'
import { invoicesOf, seedCustomer } from '../../../test/life.ts'
import { seedAccount } from '../../../test/seed.ts'
import { fixedClock } from '../../clock.ts'
import { runSql } from '../../db/database.ts'
import { asSystem } from '../../operator.ts'
import { addCredit, auditMoney, creditOf, parkAccount, recordPayment } from '../billing/index.ts'
import { orderHandlers } from '../orders/index.ts'
import { runSweeps } from './index.ts'

const clock = fixedClock(new Date('2026-01-31T00:00:00Z'))
const ended = (days: number) => new Date(clock.now().getTime() + days * 86_400_000)
let app: TestApp
beforeAll(async () => {
  app = await testApp({}, clock)
})
afterAll(async () => {
  expect(await auditMoney(app.db)).toEqual([])
  await app.close()
})

/** A customer who owes two invoices of 10.00. */
async function owing() {
  const { accountId } = await seedCustomer(app, [
    { cycle: 'm', endsAt: ended(5) },
    { cycle: 'm', endsAt: ended(3) },
  ])
  await runSweeps(app)
  const [first, later] = await invoicesOf(app, accountId)
  if (later === undefined || first === undefined) throw new Error('there are no two invoices')
  return { accountId, later, first }
}

const transfer = (accountId: string, invoiceId: string, amountMinor: bigint) =>
  asSystem(app, async ctx =>
    recordPayment(ctx, await ctx.begin(), {
      ...{ accountId, invoiceId, amountMinor, methodId: null, gateway: 'bank', externalId: `of ${invoiceId}` },
      ...{ currency: 'EUR', at: ctx.business.now() },
    }),
  )

const states = async (accountId: string) => (await invoicesOf(app, accountId)).map(({ status }) => status)

test('one transfer for two invoices pays both, whichever it named', async () => {
  const { accountId, later } = await owing()
  await transfer(accountId, later.id, 2_000n)
  expect(await states(accountId)).toEqual(['Unpaid', 'Paid'])
  await Promise.all([runSweeps(app), runSweeps(app)])
  expect(await states(accountId)).toEqual(['Paid', 'Paid'])
  expect(await creditOf(app.db, accountId, 'EUR')).toBe(0n)
})

test('credit pays what is due first, and a part of the next', async () => {
  const { accountId, first, later } = await owing()
  const credit = { accountId, currency: 'EUR', key: 'too little', description: 'Paid in', amountMinor: 1_500n }
  await asSystem(app, async ctx => addCredit(ctx, await ctx.begin(), credit))
  await runSweeps(app)
  const due = await runSql(app.db, 'select id::text, due_minor from invoice where account_id = $1 order by id', [
    accountId,
  ])
  expect(due).toEqual([
    { id: first.id, due_minor: '0' },
    { id: later.id, due_minor: '500' },
  ])
})

test.each([
  [
    'whoever wants to spend it himself',
    (accountId: string) =>
      app.db.updateTable('account').set({ auto_apply_credit: false }).where('id', '=', accountId).execute(),
  ],
  [
    'a parked account',
    (accountId: string) => asSystem(app, async ctx => parkAccount(ctx, await ctx.begin(), accountId, 'looked at')),
  ],
])('credit of %s stays', async (_who, prepare) => {
  const { accountId, later } = await owing()
  await transfer(accountId, later.id, 2_000n)
  await prepare(accountId)
  await runSweeps(app)
  expect(await states(accountId)).toEqual(['Unpaid', 'Paid'])
  expect(await creditOf(app.db, accountId, 'EUR')).toBe(1_000n)
})

test('an order that is cancelled because nobody paid it has cost no late fee', async () => {
  const { accountId, identity } = await seedAccount(app)
  const [product] = await runSql<{ id: string }>(
    app.db,
    `with shelf as (insert into category (key, name) values ('late', 'Web') returning id),
       product as (insert into product (key, name, features, category_id, paytype, host_name)
         select 'late', 'Hosting', '{}', id, 'Regular', 'none' from shelf returning id)
     insert into price (product_id, currency, cycle, price_minor) select id, 'EUR', 'm', 500 from product returning product_id as id`,
  )
  await asSystem(app, ctx =>
    orderHandlers.orderProduct({ ...ctx, identity }, { product_id: product?.id ?? '', cycle: 'm' }),
  )
  const billing = { ...app.config.billing, lateFeePercent: 10, lateFeeAfterDays: 2 }
  for (let day = 0; day < 16; day++) {
    clock.advance(86_400_000)
    await runSweeps({ ...app, config: { ...app.config, billing } })
  }
  const invoices = await runSql(
    app.db,
    `select status, due_minor from invoice where account_id = $1 and kind = 'invoice'`,
    [accountId],
  )
  expect(invoices).toEqual([{ status: 'Cancelled', due_minor: '0' }])
})
