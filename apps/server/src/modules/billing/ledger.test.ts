import { afterAll, beforeAll, expect, test } from 'vitest'
import { type BillingApp, billingApp } from '../../../test/billing.ts'
import { runSql } from '../../db/database.ts'
import { insertEntry } from './ledger-store.ts'

let app: BillingApp
let accountId: string
let invoiceId: string
beforeAll(async () => {
  app = await billingApp()
  accountId = await app.account(500n)
  const ref = await app.invoiceOf(accountId)
  invoiceId = ref.id
  await app.pay(ref, 2480n)
})
afterAll(() => app.close())

test.each([
  ['an entry that is off by a cent', [100n, -99n]],
  ['an entry of one side', [100n]],
])('the database refuses %s', async (_what, amounts) => {
  const written = app.run((ctx, tx) =>
    insertEntry(tx, {
      ...{ at: ctx.business.now(), event: 'credit.add', key: `off ${amounts.length}`, description: '', accountId },
      currency: 'EUR',
      postings: amounts.map(amountMinor => ({ ledger: 'credit', amountMinor })),
    }),
  )
  await expect(written).rejects.toMatchObject({ constraint: 'ledger_entry_balanced' })
  expect(await app.creditNow(accountId)).toBe(500n)
})

test('an entry that balances only over two currencies is refused', async () => {
  await runSql(app.db, `insert into currency values ('USD', 2, 1.1)`)
  const written = app.db.transaction().execute(async tx => {
    await runSql(tx, `insert into ledger_entry (at, event, key) values ('2026-11-17', 'credit.add', 'two currencies')`)
    await runSql(
      tx,
      `insert into ledger_posting (entry_id, ledger, account_id, currency, amount_minor)
       select id, 'credit', $1, given.currency, given.amount from ledger_entry,
         (values ('EUR', 100), ('USD', -100)) as given (currency, amount) where key = 'two currencies'`,
      [accountId],
    )
  })
  await expect(written).rejects.toMatchObject({ constraint: 'ledger_entry_balanced' })
})

test.each([
  ['written_once', 'update ledger_posting set amount_minor = 1'],
  ['written_once', 'delete from ledger_posting'],
  ['written_once', 'truncate ledger_posting'],
  ['written_once', `update ledger_entry set description = 'Nothing happened'`],
  ['written_once', 'delete from ledger_entry'],
  ['invoice_is_final', 'update invoice set subtotal_minor = 0, total_minor = tax_minor where id = $1'],
  ['invoice_is_final', 'update invoice set account_id = account_id + 1 where id = $1'],
  ['invoice_is_final', `update invoice set buyer = '{}' where id = $1`],
  ['invoice_is_final', `update invoice set seller = '{}' where id = $1`],
  ['invoice_is_final', `update invoice set tax = '[]' where id = $1`],
  ['invoice_is_final', `update invoice set number = 'another' where id = $1`],
  ['invoice_is_final', `update invoice set issued_on = '2026-01-01' where id = $1`],
  ['invoice_is_final', 'update invoice set place = place + 1 where id = $1'],
  ['invoice_is_final', 'update invoice set finalised_at = null, status = $$Draft$$ where id = $1'],
  ['invoice_is_final', 'delete from invoice where id = $1'],
  ['invoice_is_final', 'update invoice_line set net_minor = 0 where invoice_id = $1'],
  ['invoice_is_final', 'delete from invoice_line where invoice_id = $1'],
  [
    'invoice_is_final',
    `insert into invoice_line (invoice_id, position, type, description, unit_minor, amount_minor, net_minor, taxed)
     values ($1, 99, 'Other', 'More', 1, 1, 1, false)`,
  ],
])('%s: the database refuses %s', async (constraint, sql) => {
  const refused = runSql(app.db, sql, sql.includes('$1') ? [invoiceId] : [])
  await expect(refused).rejects.toMatchObject({ constraint })
})

test('an entry with the key of another is not written', async () => {
  const entry = { event: 'credit.add', key: 'the same', description: '', accountId, currency: 'EUR' } as const
  const postings = [
    { ledger: 'refunds', amountMinor: 100n },
    { ledger: 'credit', amountMinor: -100n },
  ] as const
  const write = () => app.run((ctx, tx) => insertEntry(tx, { ...entry, at: ctx.business.now(), postings }))
  expect((await Promise.all([write(), write(), write()])).filter(Boolean)).toHaveLength(1)
  expect(await app.creditNow(accountId)).toBe(600n)
})
