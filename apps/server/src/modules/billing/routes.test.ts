import { contract } from '@innkeeper/contract'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { cartOf, issueTestInvoice } from '../../../test/billing.ts'
import { type FullServer, fullServer } from '../../../test/full-server.ts'
import { send } from '../../../test/gates/send.ts'
import { recordQueries } from '../../db/query-log.ts'
import { asSystem } from '../../operator.ts'
import { addCredit, issueCreditNote, issueInvoice } from './index.ts'

let full: FullServer
beforeAll(async () => {
  full = await fullServer()
})
afterAll(() => full.close())

let counter = 0
async function customer() {
  const email = `customer${++counter}@example.com`
  const password = 'a long password'
  const { json } = await send(full.server, contract.extensions.signup, { email, password })
  const login = await send(full.server, contract.auth.login, { username: email, password })
  const token = String(login.json.token)
  const accountId = String(json.client_id)
  const gift = (amountMinor: bigint) =>
    asSystem(full.app, async ctx => {
      const credit = { accountId, amountMinor, currency: 'EUR', key: `gift ${++counter}`, description: 'Gift' }
      await addCredit(ctx, await ctx.begin(), credit)
    })
  const call = (operation: Parameters<typeof send>[1], input: Record<string, unknown> = {}) =>
    send(full.server, operation, input, token)
  const issue = async (prices?: bigint[]) => (await issueTestInvoice(full.app, accountId, prices)).id
  return { accountId, gift, call, issue }
}

describe('balance', () => {
  test('is what is owed over all invoices, and what there is to spend', async () => {
    const { call, issue, gift } = await customer()
    await issue()
    await issue([1n])
    await gift(1005n)
    const { json } = await call(contract.billing.getBalance)
    expect(json).toEqual({
      success: true,
      details: { currency: 'EUR', acc_balance: '24.81', acc_credit: '10.05' },
    })
  })
})

describe('the list of invoices', () => {
  test('is newest first, whole or by pages, without drafts and with credit notes as negative amounts', async () => {
    const { call, issue, accountId } = await customer()
    const ids = [await issue(), await issue(), await issue()]
    const noteId = await asSystem(full.app, async ctx => {
      const tx = await ctx.begin()
      await issueInvoice(ctx, tx, { accountId, priced: cartOf([1n]), status: 'Draft' })
      const note = { invoiceId: ids[0] ?? '', lines: 'all', payOut: 'none', reason: 'Withdrawn' } as const
      return (await issueCreditNote(ctx, tx, note)).id
    })
    const whole = (await call(contract.billing.listInvoices)).json as { invoices: Record<string, unknown>[] }
    expect(whole.invoices.map(row => row.id)).toEqual([noteId, ...ids.toReversed()])
    expect(whole).not.toHaveProperty('page')
    expect(whole.invoices[0]).toMatchObject({ total: '-24.80', status: 'Paid', number: expect.stringContaining('C') })
    expect(whole.invoices[3]).toMatchObject({ total: '24.80', status: 'Cancelled', merge_id: null })
    const page = (number: number) => call(contract.billing.listInvoices, { page: number, perpage: 3 })
    expect((await page(1)).json).toMatchObject({ invoices: [{ id: ids[0] }], page: { current: 1, total: 2 } })
    expect((await page(7)).json).toEqual({ invoices: [], page: { current: 7, total: 2 } })
  })

  test('of an account without any is empty', async () => {
    const { call } = await customer()
    expect((await call(contract.billing.listInvoices, { page: 0 })).json).toEqual({
      invoices: [],
      page: { current: 0, total: 0 },
    })
  })

  test('takes one statement for any page', async () => {
    const { call, issue } = await customer()
    await issue()
    const listing = async () => {
      const { queries } = await recordQueries(() => call(contract.billing.listInvoices, { page: 0 }))
      return queries.filter(text => /from invoice/.test(text)).length
    }
    const one = await listing()
    for (let n = 0; n < 5; n++) await issue()
    expect([one, await listing()]).toEqual([1, 1])
  })
})

describe('an invoice', () => {
  test('shows its figures, lines and buyer in the documented types', async () => {
    const { call, issue } = await customer()
    const id = await issue([2000n, 500n])
    const { json } = await call(contract.billing.getInvoice, { id })
    expect(json.invoice).toMatchObject({
      ...{ id, status: 'Unpaid', subtotal: 25, tax: 6, taxrate: 24, tax2: 0, taxrate2: 0, taxexempt: '0', total: 31 },
      ...{ rate: 1, rate2: 0, rate3: 1, credit: 0, notes: '', currency: 'EUR', datepaid: '0000-00-00 00:00:00' },
      items: [
        { invoice_id: id, type: 'Hosting', item_id: '0', amount: '20.00', taxed: '1', qty: '1.00', linetotal: '20.00' },
        { amount: '5.00', linetotal: '5.00' },
      ],
    })
  })

  test('that is a draft is not found by its customer', async () => {
    const { call, accountId } = await customer()
    const { id } = await asSystem(full.app, async ctx =>
      issueInvoice(ctx, await ctx.begin(), { accountId, priced: cartOf([1n]), status: 'Draft' }),
    )
    expect((await call(contract.billing.getInvoice, { id })).status).toBe(404)
    expect((await call(contract.billing.applyCredit, { id })).status).toBe(404)
  })
})

describe('paying with credit', () => {
  test('applies what was asked for', async () => {
    const { call, issue, gift } = await customer()
    await gift(1000n)
    const id = await issue()
    const { json } = await call(contract.billing.applyCredit, { id, amount: '4.5' })
    expect(json).toEqual({ success: true, invoice_status: 'Unpaid', applied: 4.5 })
  })

  test.each([
    ['more than is due', 24.81],
    ['nothing', 0],
    ['less than nothing', -1],
    ['a part of a cent', 0.001],
  ])('%s is refused, and nothing is written', async (_what, amount) => {
    const { call, issue, gift, accountId } = await customer()
    await gift(10_000n)
    const id = await issue()
    const { status, json } = await call(contract.billing.applyCredit, { id, amount })
    expect([status, json]).toEqual([
      422,
      { success: false, error: ['field_format_error', 'amount'], fields: { amount: ['field_format_error'] } },
    ])
    const entries = full.app.db.selectFrom('ledger_posting').select('id').where('account_id', '=', accountId)
    expect(await entries.where('ledger', '=', 'credit').execute()).toHaveLength(1)
  })

  test('more than there is, is refused', async () => {
    const { call, issue, gift } = await customer()
    await gift(100n)
    const { status, json } = await call(contract.billing.applyCredit, { id: await issue(), amount: 2 })
    expect([status, json.error]).toEqual([409, ['insufficient_credit']])
  })

  test('of what is paid is a conflict', async () => {
    const { call, issue, gift } = await customer()
    await gift(10_000n)
    const id = await issue()
    expect((await call(contract.billing.applyCredit, { id })).json).toMatchObject({
      invoice_status: 'Paid',
      applied: 24.8,
    })
    expect((await call(contract.billing.applyCredit, { id })).status).toBe(409)
  })
})
