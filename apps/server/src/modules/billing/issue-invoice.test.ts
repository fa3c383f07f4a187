import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type BillingApp, billingApp, cartOf } from '../../../test/billing.ts'
import type { InvoiceRef } from '../../context.ts'
import { recordQueries } from '../../db/query-log.ts'
import { auditMoney, documentOf, issueInvoice, settleInvoice } from './index.ts'

let app: BillingApp
beforeAll(async () => {
  app = await billingApp({ lateFeePercent: 5 })
})
afterAll(async () => {
  expect(await auditMoney(app.db)).toEqual([])
  await app.close()
})

describe('an invoice', () => {
  test('names seller and buyer as they were when it was made', async () => {
    const ref = await app.invoiceOf(await app.account())
    await app.db.updateTable('profile').set({ lastname: 'King' }).where('account_id', '=', ref.accountId).execute()
    const { document } = await documentOf(app, app.db, ref.accountId, ref.id)
    expect(document).toMatchObject({
      ...{ kind: 'invoice', number: (await app.rowOf(ref)).number, issuedOn: '2026-11-17', dueOn: '2026-11-24' },
      ...{ buyer: { name: 'Ada Byron' }, seller: { name: 'Innkeeper', country: 'EE' } },
      ...{ subtotalMinor: 2000n, taxMinor: 480n, totalMinor: 2480n, dueMinor: 2480n, homeTax: null },
      taxes: [{ name: 'VAT', percent: 24_000, category: 'S', baseMinor: 2000n, taxMinor: 480n }],
    })
  })

  test('is paid out of credit when it is made, as far as there is some', async () => {
    const accountId = await app.account(3000n)
    const [first, second] = [await app.invoiceOf(accountId), await app.invoiceOf(accountId)]
    const settle = (ref: InvoiceRef) => app.run((ctx, tx) => settleInvoice(ctx, tx, ref))
    expect([await settle(first), await settle(second)]).toEqual(['Paid', 'Unpaid'])
    expect(await settle(first)).toBe('Paid') // a second time: nothing
    expect(await app.rowOf(second)).toMatchObject({ credit_minor: '520', paid_minor: '520', due_minor: '1960' })
    expect(app.happened.filter(what => what === `paid ${first.id}`)).toHaveLength(1)
  })

  test('is left to be paid where the account keeps its credit', async () => {
    const accountId = await app.account(3000n)
    await app.db.updateTable('account').set({ auto_apply_credit: false }).where('id', '=', accountId).execute()
    const ref = await app.invoiceOf(accountId)
    expect(await app.run((ctx, tx) => settleInvoice(ctx, tx, ref))).toBe('Unpaid')
    expect(await app.creditNow(accountId)).toBe(3000n)
  })

  test('of nothing is paid at once', async () => {
    const ref = await app.invoiceOf(await app.account(), [0n])
    expect(await app.run((ctx, tx) => settleInvoice(ctx, tx, ref))).toBe('Paid')
    expect(app.happened).toContain(`paid ${ref.id}`)
  })

  test('takes eight statements to be made and paid, however many lines it has, besides what it sets off', async () => {
    const accountId = await app.account(100_000n)
    const made = async (lines: number) => {
      const { queries } = await recordQueries(() =>
        app.run(async (ctx, tx) => {
          const { id } = await issueInvoice(ctx, tx, { accountId, priced: cartOf(Array(lines).fill(100n)) })
          await settleInvoice(ctx, tx, { id, accountId })
        }),
      )
      return queries.filter(text => !/^(begin|commit)/.test(text)).length
    }
    expect([await made(1), await made(20)]).toEqual([8, 8])
  })
})
