import { afterAll, beforeAll, expect, test } from 'vitest'
import { type BillingApp, billingApp, cartOf } from '../../../test/billing.ts'
import { seedAccount } from '../../../test/seed.ts'
import { runSql } from '../../db/database.ts'
import {
  addCredit,
  auditMoney,
  chargeLateFee,
  issueCreditNote,
  issueInvoice,
  recordChargeback,
  recordPayment,
  refundPayment,
  settleInvoice,
  voidInvoice,
  watchMoney,
} from './index.ts'

let app: BillingApp
const ids: Record<string, string> = {}

/** One of everything that can be wrong. */
beforeAll(async () => {
  app = await billingApp({ lateFeePercent: 10 })
  const { accountId, serviceId } = await seedAccount(app)
  const bank = { accountId, methodId: null, gateway: 'bank', currency: 'EUR', at: app.at.now() }
  await app.run(async (ctx, tx) => {
    const issue = async (...prices: bigint[]) => (await issueInvoice(ctx, tx, { accountId, priced: cartOf(prices) })).id
    const [paid, open, gone] = [await issue(1000n, 500n), await issue(2000n), await issue(300n)]
    await addCredit(ctx, tx, { accountId, amountMinor: 700n, currency: 'EUR', key: 'gift', description: 'Gift' })
    await settleInvoice(ctx, tx, { id: open, accountId })
    const payment = { ...bank, invoiceId: paid, externalId: 'p1', amountMinor: 2000n, feeMinor: 30n }
    const { paymentId } = await recordPayment(ctx, tx, payment)
    const late = { ...bank, invoiceId: null, externalId: 'late', amountMinor: 500n }
    await recordPayment(ctx, tx, late)
    ids.late = (await recordPayment(ctx, tx, { ...late, feeMinor: 7n })).paymentId
    const lines = await tx.selectFrom('invoice_line').selectAll().where('invoice_id', '=', paid).orderBy('id').execute()
    const line = { lineId: lines[0]?.id ?? '', netMinor: 333n }
    const note = await issueCreditNote(ctx, tx, { invoiceId: paid, lines: [line], payOut: 'credit', reason: 'Outage' })
    await refundPayment(ctx, tx, { paymentId, amountMinor: 200n, externalId: 'r1', to: 'gateway' })
    await recordChargeback(ctx, tx, { paymentId, amountMinor: 300n, feeMinor: 15n, externalId: 'c1' })
    await chargeLateFee(ctx, tx, { id: open, accountId })
    await voidInvoice(ctx, tx, { id: gone, accountId }, 'Ordered by mistake')
    Object.assign(ids, { account: accountId, service: serviceId, paid, open, gone, payment: paymentId, note: note.id })
    Object.assign(ids, { line: lines[0]?.id, noteLine: undefined })
    const backs = await tx.selectFrom('payment').select(['id', 'kind']).where('reverses_id', '=', paymentId).execute()
    for (const { id, kind } of backs) ids[kind] = id
    const other = await seedAccount(app)
    const period = { account_id: accountId, service_id: serviceId, reason: 'renewal', net_minor: '1000' }
    const [first, second, third] = ['2026-11-01', '2026-12-01', '2027-01-01'].map(day => new Date(`${day}T00:00:00Z`))
    const rows = await tx
      .insertInto('billed_period')
      .values([
        { ...period, line_id: ids.line ?? null, starts_at: first as Date, ends_at: second as Date },
        { ...period, line_id: null, starts_at: second as Date, ends_at: third as Date },
      ])
      .returning('id')
      .execute()
    Object.assign(ids, { period: rows[1]?.id, otherAccount: other.accountId })
  })
})
afterAll(() => app.close())

test('money that was only touched by the program adds up', async () => {
  expect(await auditMoney(app.db)).toEqual([])
})

/** Each: what somebody changes by SQL, past every trigger, and the finding that tells so. */
const changes: readonly [sql: string, check: string, id: string][] = [
  ['update ledger_posting set amount_minor = amount_minor + 1 where id = $posting', 'entry.balanced', 'entry'],
  ['delete from ledger_posting where id = $posting', 'entry.balanced', 'entry'],
  ['update ledger_posting set account_id = $otherAccount where id = $posting', 'entry.account', 'entry'],
  ['update ledger_posting set invoice_id = $open where id = $posting', 'invoice.receivable', 'open'],
  [`update ledger_posting set ledger = 'tax' where id = $revenue`, 'invoice.revenue', 'paid'],
  [`update ledger_posting set ledger = 'clearing:stripe' where id = $clearing`, 'payment.booked', 'payment'],
  [`update ledger_posting set ledger = 'revenue' where id = $fees`, 'payment.booked', 'payment'],
  [`update ledger_posting set currency = 'USD' where id = $posting`, 'entry.balanced', 'entry'],
  [`update ledger_entry set event = 'payment.receive' where id = $entry`, 'invoice.receivable', 'paid'],
  [`update ledger_entry set key = 'payment:bank:p2' where key = 'payment:bank:p1'`, 'payment.booked', 'payment'],
  ['delete from ledger_entry where id = $entry', 'invoice.receivable', 'paid'],
  ['update invoice_line set net_minor = net_minor - 1 where id = $line', 'invoice.lines', 'paid'],
  ['update invoice_line set tax_minor = tax_minor - 1 where id = $line', 'invoice.lines', 'paid'],
  ['update invoice_line set unit_minor = unit_minor - 1 where id = $line', 'line.amount', 'line'],
  ['update invoice_line set quantity = 2 where id = $line', 'line.amount', 'line'],
  ['update invoice_line set invoice_id = $open, position = 9 where id = $line', 'invoice.lines', 'paid'],
  ['delete from invoice_line where id = $line', 'invoice.lines', 'paid'],
  [
    'update invoice set subtotal_minor = subtotal_minor + 1, total_minor = total_minor + 1 where id = $paid',
    'invoice.lines',
    'paid',
  ],
  [
    'update invoice set tax_minor = tax_minor + 1, total_minor = total_minor + 1 where id = $paid',
    'invoice.receivable',
    'paid',
  ],
  [
    'update invoice set tax_minor = tax_minor - 1, tax2_minor = tax2_minor + 1 where id = $paid',
    'invoice.taxes',
    'paid',
  ],
  [`update invoice set tax = jsonb_set(tax, '{0,tax_minor}', '"1"') where id = $paid`, 'invoice.taxes', 'paid'],
  ['update invoice set paid_minor = paid_minor - 1 where id = $paid', 'invoice.paid', 'paid'],
  ['update invoice set credit_minor = credit_minor - 1 where id = $open', 'invoice.credit', 'open'],
  ['update invoice set credited_minor = credited_minor - 1 where id = $gone', 'invoice.credited', 'gone'],
  [`update invoice set status = 'Paid' where id = $open`, 'invoice.status', 'open'],
  [`update invoice set status = 'Unpaid' where id = $gone`, 'invoice.status', 'gone'],
  [`update invoice set status = 'Unpaid' where id = $note`, 'invoice.status', 'note'],
  ['update invoice set account_id = $otherAccount, place = 77 where id = $paid', 'entry.account', 'entry'],
  ['update invoice set number = null where id = $paid', 'numbers.final', 'paid'],
  ['update invoice set corrects_id = $gone where id = $note', 'invoice.notes', 'gone'],
  [`update invoice set kind = 'credit_note', corrects_id = $paid where id = $open`, 'invoice.status', 'open'],
  ['update invoice set series_number = 17 where id = $paid', 'numbers.gapless', 'invoice:2026-11'],
  ['delete from invoice where id = $open', 'numbers.gapless', 'invoice:2026-11'],
  ['update number_series set next = next + 1', 'numbers.gapless', 'credit_note:2026'],
  [`insert into number_series values ('proforma', '2026', 2)`, 'numbers.proforma', 'proforma'],
  ['update payment set amount_minor = amount_minor + 1 where id = $payment', 'payment.booked', 'payment'],
  ['update payment set fee_minor = 0 where id = $payment', 'payment.booked', 'payment'],
  ['update payment set fee_minor = 0 where id = $late', 'payment.booked', 'late'],
  ['delete from ledger_entry where id = $feeEntry', 'payment.booked', 'late'],
  [`update ledger_entry set key = 'fee:bank:p1' where id = $feeEntry`, 'payment.booked', 'late'],
  [`update ledger_entry set key = 'fee:bank:nobody' where id = $feeEntry`, 'payment.booked', 'payment:bank:nobody'],
  ['update payment set credited_minor = 0 where id = $payment', 'payment.booked', 'payment'],
  ['update payment set credited_minor = credited_minor + 1 where id = $refund', 'payment.booked', 'refund'],
  ['update payment set credited_minor = credited_minor + 1 where id = $chargeback', 'payment.booked', 'chargeback'],
  [`update payment set gateway = 'stripe' where id = $payment`, 'payment.booked', 'payment'],
  [`update payment set amount_minor = 400 where id = $payment`, 'payment.reversed', 'payment'],
  ['update payment set returns_id = $late where id = $payment', 'payment.reversed', 'late'],
  ['update payment set returns_id = $late where id = $payment', 'payment.reversed', 'payment'],
  ['delete from payment where id = $payment', 'payment.booked', 'payment:bank:p1'],
  ['update payment set account_id = $otherAccount where id = $payment', 'payment.booked', 'payment'],
  [
    `update ledger_posting set account_id = $otherAccount where ledger = 'credit' and amount_minor < 0 and invoice_id is null`,
    'credit.negative',
    'account',
  ],
  [`update billed_period set starts_at = starts_at - interval '1 hour' where id = $period`, 'period.twice', 'period'],
  [
    `update billed_period set starts_at = starts_at - interval '2 months', released_at = null where id = $period`,
    'period.twice',
    '',
  ],
]

test.each(changes)('%s is found by %s', async (text, check, id) => {
  const name = async (ledger: string, of: string) =>
    (
      await runSql<{ id: string; entry_id: string }>(
        app.db,
        `select posting.id, entry_id from ledger_posting as posting join ledger_entry as entry on entry.id = entry_id
         where ledger = $1 and key = $2`,
        [ledger, of],
      )
    )[0]
  const posting = await name('receivable', `invoice:${ids.paid}:issue`)
  const known: Record<string, string | undefined> = {
    ...ids,
    posting: posting?.id,
    entry: posting?.entry_id,
    revenue: (await name('revenue', `invoice:${ids.paid}:issue`))?.id,
    feeEntry: (await name('fees', 'fee:bank:late'))?.entry_id,
    clearing: (await name('clearing:bank', 'payment:bank:p1'))?.id,
    fees: (await name('fees', 'payment:bank:p1'))?.id,
  }
  const sql = text.replaceAll(/\$(\w+)/g, (_whole, word: string) => String(known[word]))
  const rollback = new Error('as it was')
  await expect(
    app.db.transaction().execute(async tx => {
      await runSql(tx, 'set local session_replication_role = replica') // no triggers, no foreign keys
      await runSql(tx, `insert into currency values ('USD', 2, 1.1)`)
      await runSql(tx, sql)
      const found = await auditMoney(tx)
      expect(found.map(finding => finding.check)).toContain(check)
      if (id !== '') expect(found).toContainEqual(expect.objectContaining({ check, id: known[id] ?? id }))
      throw rollback
    }),
  ).rejects.toBe(rollback)
})

// In whatever order they are found, one of the two comes before the other.
test.each([
  ['older', 0],
  ['newer', 1],
])('an account that cannot be parked stops no other, and somebody hears of it: the %s one', async (_which, stuck) => {
  const accounts = [await seedAccount(app), await seedAccount(app)]
  const invoices = await Promise.all(
    accounts.map(({ accountId }) => app.run((ctx, tx) => issueInvoice(ctx, tx, { accountId, priced: cartOf([100n]) }))),
  )
  const setPaid = (minor: number) =>
    app.db.transaction().execute(async tx => {
      await runSql(tx, 'set local session_replication_role = replica')
      const ids = invoices.map(({ id }) => id)
      await runSql(tx, 'update invoice set paid_minor = $2 where id = any($1)', [ids, minor])
    })
  await setPaid(24)
  await runSql(
    app.db,
    `create function test_refuses() returns trigger language plpgsql as $$
     begin if new.id = ${accounts[stuck]?.accountId} then raise exception 'out of order'; end if; return new; end $$`,
  )
  await runSql(
    app.db,
    'create trigger test_refuses before update on account for each row execute function test_refuses()',
  )
  await expect(watchMoney(app)).rejects.toThrow('out of order')
  await runSql(app.db, 'drop function test_refuses cascade')
  await setPaid(0)
  const rows = await app.db
    .selectFrom('account')
    .select('parked_reason as reason')
    .where(
      'id',
      'in',
      accounts.map(({ accountId }) => accountId),
    )
    .orderBy('id')
    .execute()
  const looked = { reason: expect.stringMatching(/^invoice\.paid /) }
  expect(rows).toEqual([looked, looked].with(stuck, { reason: null }))
})

test('an account that a finding is about is not billed until somebody has looked', async () => {
  const { accountId } = await seedAccount(app)
  const { id } = await app.run((ctx, tx) => issueInvoice(ctx, tx, { accountId, priced: cartOf([100n]) }))
  await app.db.transaction().execute(async tx => {
    await runSql(tx, 'set local session_replication_role = replica')
    await runSql(tx, 'update invoice set paid_minor = 24 where id = $1', [id])
  })
  expect(await watchMoney(app)).toMatchObject([{ check: 'invoice.paid', id, accountId }])
  const issue = app.run((ctx, tx) => issueInvoice(ctx, tx, { accountId, priced: cartOf([100n]) }))
  await expect(issue).rejects.toMatchObject({ code: 'conflict', detail: { also: ['account_parked'] } })
  expect(await app.metrics.registry.metrics()).toContain('innkeeper_money_findings{check="invoice.paid"} 1')
  await app.db.transaction().execute(async tx => {
    await runSql(tx, 'set local session_replication_role = replica')
    await runSql(tx, 'update invoice set paid_minor = 0 where id = $1', [id])
  })
  expect(await watchMoney(app)).toEqual([])
  expect(await app.metrics.registry.metrics()).toContain('innkeeper_money_findings{check="invoice.paid"} 0')
})
