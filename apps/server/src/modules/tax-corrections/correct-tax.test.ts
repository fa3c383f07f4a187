import type { TaxTreatment } from '@innkeeper/money'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type BillingApp, billingApp, cartOf } from '../../../test/billing.ts'
import { seedAccount } from '../../../test/seed.ts'
import { defaultConfig } from '../../config.ts'
import { runSql } from '../../db/database.ts'
import { auditMoney, creditOf, issueInvoice, recordPayment, refundPayment, settleInvoice } from '../billing/index.ts'
import { taxTreatment } from '../tax/index.ts'
import { correctTaxJob, correctTaxOfPaid } from './index.ts'

const seller = { ...defaultConfig('').seller, country: 'EE', vatNumber: 'EE100000001' }
let app: BillingApp
beforeAll(async () => {
  const made = await billingApp()
  app = { ...made, config: { ...made.config, seller } }
})
afterAll(() => app.close())

interface Buyer {
  readonly country?: string
  readonly vateu?: string
  readonly checks?: readonly ('valid' | 'invalid' | 'unknown')[]
}

/** A customer with a VAT number about which this was said. */
async function customer({ country = 'DE', vateu = 'DE123456789', checks = [] }: Buyer = {}) {
  const { accountId, profileId } = await seedAccount(app)
  await app.db.updateTable('profile').set({ country, vateu }).where('id', '=', profileId).execute()
  for (const state of checks) await said(accountId, state, vateu)
  return accountId
}
async function said(accountId: string, state: 'valid' | 'invalid' | 'unknown', vat_number = 'DE123456789') {
  const row = { account_id: accountId, vat_number, state, checked_at: app.at.now() }
  await app.db.insertInto('vat_check').values(row).execute()
}
const issue = (accountId: string, tax?: TaxTreatment) =>
  app.run(async (ctx, tx) => {
    const priced = cartOf([2000n, 1333n], {}, tax ?? (await taxTreatment(app, tx, accountId)))
    const invoice = await issueInvoice({ ...ctx, config: app.config }, tx, { accountId, priced })
    await settleInvoice(ctx, tx, { id: invoice.id, accountId })
    return invoice
  })
const pay = (accountId: string, invoiceId: string, amountMinor: bigint) =>
  app.run((ctx, tx) =>
    recordPayment(ctx, tx, {
      ...{ accountId, invoiceId, methodId: null, gateway: 'bank', externalId: `t${invoiceId}`, amountMinor },
      ...{ currency: 'EUR', at: app.at.now() },
    }),
  )
const correct = (accountId: string) =>
  correctTaxJob.run(app, { accountId }, { id: '1', attempt: 1, log: app.log, signal: new AbortController().signal })
const notes = (invoiceId: string) =>
  app.db
    .selectFrom('invoice')
    .select(['subtotal_minor', 'tax_minor', 'total_minor', 'tax'])
    .where('corrects_id', '=', invoiceId)
    .execute()
const due = async (id: string) =>
  (await runSql<{ due_minor: string }>(app.db, 'select due_minor from invoice where id = $1', [id]))[0]?.due_minor

test('an open invoice of the time when nobody could tell owes its net alone, once the number is valid', async () => {
  const accountId = await customer({ country: 'DE', checks: ['unknown'] })
  const { id, totalMinor } = await issue(accountId)
  expect(totalMinor).toBe(3966n)
  await said(accountId, 'valid')
  await correct(accountId)
  await correct(accountId)
  expect(await notes(id)).toMatchObject([{ subtotal_minor: '0', tax_minor: '633', total_minor: '633' }])
  expect(await due(id)).toBe('3333')
})

test('a paid one gives the tax back as credit; later invoices have none; the books are right', async () => {
  const accountId = await customer({ country: 'DE' })
  const { id, totalMinor } = await issue(accountId)
  await pay(accountId, id, totalMinor)
  await said(accountId, 'valid')
  const later = await issue(accountId)
  expect(later.totalMinor).toBe(3333n)
  await correct(accountId)
  expect(await notes(id)).toHaveLength(1)
  expect(await notes(later.id)).toEqual([])
  expect(await creditOf(app.db, accountId, 'EUR')).toBe(633n)
  expect(await auditMoney(app.db)).toEqual([])
})

test.each<[string, Buyer]>([
  ['the number is not known yet', { checks: ['unknown'] }],
  ['it was wrong at some time', { checks: ['invalid', 'valid'] }],
  ['the sale was at home', { country: 'EE', vateu: 'EE123456789', checks: ['valid'] }],
  ['the number is that of the seller’s country', { country: 'DE', vateu: 'EE123456789', checks: ['valid'] }],
  ['there is no number', { country: 'DE', vateu: '', checks: [] }],
])('nothing is corrected where %s', async (_what, buyer) => {
  const accountId = await customer(buyer)
  const taxed = {
    inclusive: false,
    rates: [{ level: 1, name: 'VAT', percent: 24_000 }],
    category: 'S',
    reason: '',
  } as const
  const { id } = await issue(accountId, taxed)
  await correct(accountId)
  expect(await notes(id)).toEqual([])
})

test('an invoice with another number on it stays as it is', async () => {
  const accountId = await customer()
  const { id } = await issue(accountId)
  await app.db.updateTable('profile').set({ vateu: 'DE999999999' }).where('account_id', '=', accountId).execute()
  await said(accountId, 'valid', 'DE999999999')
  await correct(accountId)
  expect(await notes(id)).toEqual([])
})

test('one that cannot be corrected is told to people, and the others are', async () => {
  const accountId = await customer()
  const refunded = await issue(accountId)
  const { paymentId } = await pay(accountId, refunded.id, refunded.totalMinor)
  await app.run((ctx, tx) =>
    refundPayment(ctx, tx, { paymentId, amountMinor: refunded.totalMinor - 100n, externalId: 'r1', to: 'gateway' }),
  )
  const open = await issue(accountId)
  await said(accountId, 'valid')
  await correct(accountId)
  expect(await notes(open.id)).toHaveLength(1)
  expect(await notes(refunded.id)).toEqual([])
  const events = await app.db.selectFrom('audit').select('event').where('account_id', '=', accountId).execute()
  expect(events).toContainEqual({ event: 'tax.correction_refused' })
})

test('a pro-forma is corrected when it is paid and has its number', async () => {
  const proforma = {
    ...app,
    config: { ...app.config, billing: { ...app.config.billing, numberOn: 'payment' as const } },
  }
  const accountId = await customer()
  const { id, totalMinor } = await app.run(async (ctx, tx) => {
    const priced = cartOf([2000n], {}, await taxTreatment(app, tx, accountId))
    return issueInvoice({ ...ctx, config: proforma.config }, tx, { accountId, priced })
  })
  await said(accountId, 'valid')
  await correct(accountId)
  expect(await notes(id)).toEqual([])
  await app.run(async (ctx, tx) => {
    const whole = { ...ctx, config: proforma.config, effects: { ...ctx.effects, invoicePaid: correctTaxOfPaid } }
    await recordPayment(whole, tx, {
      ...{ accountId, invoiceId: id, methodId: null, gateway: 'bank', externalId: 'p1', amountMinor: totalMinor },
      ...{ currency: 'EUR', at: app.at.now() },
    })
  })
  const waiting = await runSql(
    app.db,
    `select 1 from graphile_worker._private_jobs job join graphile_worker._private_tasks task on task.id = job.task_id
     where task.identifier = 'tax.correct' and job.payload ->> 'accountId' = $1`,
    [accountId],
  )
  expect(waiting).toHaveLength(1)
  await correct(accountId)
  expect(await notes(id)).toHaveLength(1)
})
