import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestApp, testApp } from '../../../test/app.ts'
import { invoicesOf, lettersTo, mailsTo, payInvoice, seedCustomer } from '../../../test/life.ts'
import { seedAccount } from '../../../test/seed.ts'
import { fixedClock } from '../../clock.ts'
import { runSql } from '../../db/database.ts'
import { asSystem } from '../../operator.ts'
import { addCredit, creditOf, recordChargeback } from '../billing/index.ts'
import { orderHandlers } from '../orders/index.ts'
import { runSweeps } from './index.ts'

const clock = fixedClock(new Date('2026-01-31T00:00:00Z'))
let app: TestApp
beforeAll(async () => {
  app = await testApp({}, clock)
})
afterAll(() => app.close())

async function liveDays(days: number): Promise<void> {
  for (let day = 0; day < days; day++) {
    clock.advance(86_400_000)
    await Promise.all([runSweeps(app), runSweeps(app)])
  }
}

test.each([
  ['that nobody pays', 0n],
  ['that credit paid a part of', 200n],
])('an order %s is told of, reminded of and cancelled, and others can have what it took', async (how, amountMinor) => {
  const { accountId, identity, email } = await seedAccount(app)
  const credit = { accountId, currency: 'EUR', key: how, description: 'Paid in' }
  if (amountMinor > 0n) await asSystem(app, async ctx => addCredit(ctx, await ctx.begin(), { ...credit, amountMinor }))
  const [product] = await runSql<{ id: string }>(
    app.db,
    `with shelf as (insert into category (key, name) values ($1, 'Web') returning id),
       product as (insert into product (key, name, features, category_id, paytype, host_name, stock)
         select $1, 'The last one ' || $1, '{}', id, 'Regular', 'none', 1 from shelf returning id)
     insert into price (product_id, currency, cycle, price_minor) select id, 'EUR', 'm', 500 from product returning product_id as id`,
    [how],
  )
  await asSystem(app, ctx =>
    orderHandlers.orderProduct({ ...ctx, identity }, { product_id: product?.id ?? '', cycle: 'm' }),
  )
  const state = () =>
    runSql(
      app.db,
      `select o.status as "order", i.status as invoice, s.status as service, p.stock
       from orders o join invoice i on i.id = o.invoice_id join service s on s.order_id = o.id join product p on p.id = s.product_id
       where o.account_id = $1`,
      [accountId],
    )
  const inDays = (days: number) => new Date(clock.now().getTime() + days * 86_400_000).toISOString().slice(0, 10)
  const [due, cancelled] = [inDays(7), inDays(14)]
  await liveDays(13)
  expect(await state()).toEqual([{ order: 'Pending', invoice: 'Unpaid', service: 'Pending', stock: 0 }])
  await liveDays(1)
  expect(await state()).toEqual([{ order: 'Cancelled', invoice: 'Cancelled', service: 'Cancelled', stock: 1 }])
  expect(await creditOf(app.db, accountId, 'EUR')).toBe(amountMinor)
  await liveDays(1)
  expect((await lettersTo(app, email)).map(subject => subject.replace(/2026\/\S+/, 'N'))).toEqual([
    'Innkeeper: invoice N',
    `Innkeeper: invoice N is due on ${due}`,
    'Innkeeper: invoice N is 1 day overdue',
    'Innkeeper: invoice N is 3 days overdue',
    'Innkeeper: order cancelled, invoice N was not paid',
    'Innkeeper: credit note CN',
  ])
  const overdue = (await mailsTo(app, email)).filter(({ subject }) => subject.endsWith('overdue'))
  for (const { text } of overdue) expect(text).toContain(`Please pay it now: the order is cancelled on ${cancelled}.`)
})

test('a kept card is charged when an invoice is due, and again when it is reminded of, by one of those who sweep', async () => {
  const now = clock.now().getTime()
  const { accountId } = await seedCustomer(app, [{ cycle: 'm', endsAt: new Date(now + 10 * 86_400_000) }])
  await runSql(
    app.db,
    `with card as (insert into payment_method (key, driver, name) values ('card', 'stripe', 'Card') returning id)
     insert into saved_card (account_id, method_id, customer_ref, card_ref, created_at) select $1, id, 'c', 'p', $2 from card`,
    [accountId, clock.now()],
  )
  await liveDays(14)
  const [invoice] = await invoicesOf(app, accountId)
  expect(invoice?.stages.filter(stage => stage.startsWith('charge'))).toEqual(['charge:0', 'charge:1', 'charge:3'])
  // One waiting job at a time: nobody took the earlier ones.
  expect(await chargesOf(invoice?.id)).toHaveLength(1)
})

const chargesOf = (invoiceId = '') =>
  runSql(
    app.db,
    `select 1 from graphile_worker.jobs j where task_identifier = 'payments.charge' and key = 'payments.charge:' || $1`,
    [invoiceId],
  )

test('a card whose owner had the money taken back is not charged for it again', async () => {
  const now = clock.now().getTime()
  const { accountId } = await seedCustomer(app, [{ cycle: 'm', endsAt: new Date(now + 10 * 86_400_000) }])
  await runSql(
    app.db,
    `insert into saved_card (account_id, method_id, customer_ref, card_ref, created_at)
     select $1, id, 'c', 'p', $2 from payment_method where key = 'card'`,
    [accountId, clock.now()],
  )
  await liveDays(1)
  const [invoice] = await invoicesOf(app, accountId)
  if (invoice === undefined) throw new Error('there is no invoice')
  await payInvoice(app, invoice)
  const payments = await app.db.selectFrom('payment').select('id').where('invoice_id', '=', invoice.id).execute()
  const dispute = { paymentId: payments[0]?.id ?? '', amountMinor: 1000n, externalId: 'dispute' }
  await asSystem(app, async ctx => recordChargeback(ctx, await ctx.begin(), dispute))
  await liveDays(20)
  expect((await invoicesOf(app, accountId))[0]?.stages).toContain('after:3')
  expect(await chargesOf(invoice.id)).toEqual([])
})
