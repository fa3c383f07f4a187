import { randomUUID } from 'node:crypto'
import type { TaxTreatment } from '@innkeeper/money'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type BillingApp, billingApp, cartOf, vat24 } from '../../../test/billing.ts'
import type { InvoiceRef } from '../../context.ts'
import {
  applyCredit,
  auditMoney,
  chargeLateFee,
  deleteDraft,
  finaliseInvoice,
  issueInvoice,
  refundPayment,
  sendToCollections,
  settleInvoice,
  voidInvoice,
} from './index.ts'

let app: BillingApp
beforeAll(async () => {
  app = await billingApp({ lateFeePercent: 5 })
})
afterAll(async () => {
  expect(await auditMoney(app.db)).toEqual([])
  await app.close()
})

describe('the machine', () => {
  const draftOf = async (accountId: string) => {
    const { id, number } = await app.run((ctx, tx) =>
      issueInvoice(ctx, tx, { accountId, priced: cartOf([2000n]), status: 'Draft' }),
    )
    expect(number).toBeNull()
    return { id, accountId }
  }

  test('a draft is finalised with a number, or deleted without a trace', async () => {
    const accountId = await app.account()
    const [kept, dropped] = [await draftOf(accountId), await draftOf(accountId)]
    await app.run((ctx, tx) => finaliseInvoice(ctx, tx, kept, vat24))
    expect(await app.rowOf(kept)).toMatchObject({ status: 'Unpaid', number: expect.stringContaining('2026/11/') })
    await app.run((ctx, tx) => deleteDraft(ctx, tx, dropped))
    await expect(app.rowOf(dropped)).rejects.toThrow()
  })

  const makers = {
    Draft: draftOf,
    Unpaid: (accountId: string) => app.invoiceOf(accountId),
    Paid: async (accountId: string) => {
      const ref = await app.invoiceOf(accountId)
      await app.pay(ref, 2480n)
      return ref
    },
    Cancelled: async (accountId: string) => {
      const ref = await app.invoiceOf(accountId)
      await app.run((ctx, tx) => voidInvoice(ctx, tx, ref, 'Ordered by mistake'))
      return ref
    },
    Refunded: async (accountId: string) => {
      const ref = await app.invoiceOf(accountId)
      const { paymentId } = await app.pay(ref, 2480n)
      const refund = { paymentId, amountMinor: 2480n, externalId: randomUUID(), to: 'credit' } as const
      await app.run((ctx, tx) => refundPayment(ctx, tx, refund))
      return ref
    },
    Collections: async (accountId: string) => {
      const ref = await app.invoiceOf(accountId)
      await app.run((ctx, tx) => sendToCollections(ctx, tx, ref))
      return ref
    },
  }
  const steps = {
    finalise: (ref: InvoiceRef) => app.run((ctx, tx) => finaliseInvoice(ctx, tx, ref, vat24)),
    delete: (ref: InvoiceRef) => app.run((ctx, tx) => deleteDraft(ctx, tx, ref)),
    void: (ref: InvoiceRef) => app.run((ctx, tx) => voidInvoice(ctx, tx, ref, 'Ordered by mistake')),
    collect: (ref: InvoiceRef) => app.run((ctx, tx) => sendToCollections(ctx, tx, ref)),
    fee: (ref: InvoiceRef) => app.run((ctx, tx) => chargeLateFee(ctx, tx, ref)),
    credit: ({ id: invoiceId, accountId }: InvoiceRef) =>
      app.run((ctx, tx) => applyCredit(ctx, tx, { invoiceId, accountId })),
  }
  const allowed: Record<keyof typeof makers, readonly (keyof typeof steps)[]> = {
    Draft: ['finalise', 'delete'],
    Unpaid: ['void', 'collect', 'fee', 'credit'],
    Collections: ['void', 'fee', 'credit'],
    Paid: [],
    Cancelled: [],
    Refunded: [],
  }
  const statuses = Object.keys(makers) as (keyof typeof makers)[] // those above
  test.each(statuses)('from %s, only its own edges lead on', async status => {
    for (const [step, take] of Object.entries(steps)) {
      const accountId = await app.account()
      const ref = await makers[status](accountId)
      await app.give(accountId, 9000n)
      const taken = take(ref).then(
        () => 'done',
        error => error.code,
      )
      const may = (allowed[status] as readonly string[]).includes(step)
      expect([step, await taken]).toEqual([step, may ? 'done' : expect.stringMatching(/^(conflict|not_found)$/)])
      if (!may) expect((await app.rowOf(ref)).status).toBe(status)
    }
  })

  test('void gives applied credit back, keeps the number, and is neutralised by a credit note', async () => {
    const accountId = await app.account(480n)
    const ref = await app.invoiceOf(accountId)
    await app.run((ctx, tx) => settleInvoice(ctx, tx, ref))
    await app.run((ctx, tx) => voidInvoice(ctx, tx, ref, 'Ordered by mistake'))
    expect(await app.creditNow(accountId)).toBe(480n)
    const row = await app.rowOf(ref)
    expect(row).toMatchObject({ status: 'Cancelled', due_minor: '0', paid_minor: '0', credit_minor: '0' })
    expect(row.number).not.toBeNull()
    const note = app.db.selectFrom('invoice').selectAll().where('corrects_id', '=', ref.id)
    expect(await note.executeTakeFirstOrThrow()).toMatchObject({
      total_minor: '2480',
      tax_minor: '480',
      status: 'Paid',
    })
    expect(app.happened).toContain(`cancelled ${ref.id}`)
  })

  test('is not void while money was paid for it', async () => {
    const ref = await app.invoiceOf(await app.account())
    const { paymentId } = await app.pay(ref, 100n)
    const cancel = () => app.run((ctx, tx) => voidInvoice(ctx, tx, ref, 'Ordered by mistake'))
    await expect(cancel()).rejects.toMatchObject({ code: 'conflict', detail: { also: ['refund_payments_first'] } })
    const refund = { paymentId, amountMinor: 100n, externalId: randomUUID(), to: 'gateway' } as const
    expect(await app.run((ctx, tx) => refundPayment(ctx, tx, refund))).toMatchObject({ status: 'Unpaid' })
    await cancel()
  })

  test.each([
    ['the usual time to pay begins then', undefined, '2027-01-12'],
    ['a due day that was chosen stays', '2027-03-01', '2027-03-01'],
    ['unless it has passed', '2026-12-01', '2027-01-05'],
  ])('a draft is issued on the day it is finalised, to whom its buyer is then: %s', async (_what, chosen, dueOn) => {
    const accountId = await app.account()
    const draft = { priced: cartOf([2000n]), status: 'Draft', ...(chosen && { dueOn: chosen }) } as const
    const { id } = await app.run((ctx, tx) => issueInvoice(ctx, tx, { accountId, ...draft }))
    await app.db.updateTable('profile').set({ city: 'Tartu' }).where('account_id', '=', accountId).execute()
    const before = app.at.now()
    app.at.advance(Date.parse('2027-01-05T12:00:00Z') - before.getTime())
    await app.run((ctx, tx) => finaliseInvoice(ctx, tx, { id, accountId }, vat24))
    app.at.advance(before.getTime() - app.at.now().getTime())
    const row = await app.rowOf({ id, accountId })
    expect(row.number).toMatch(/2027\/01\//)
    const days = ['2027-01-05', '2027-01-05', dueOn].map(day => new Date(`${day}T00:00:00`)) // as pg reads a day
    expect([row.issued_on, row.original_on, row.due_on]).toEqual(days)
    expect(row.buyer).toMatchObject({ city: 'Tartu' })
  })

  test.each([
    ['another rate', { rates: [{ level: 1, name: 'VAT', percent: 22_000 }] }],
    ['a second tax', { rates: [...vat24.rates, { level: 2, name: 'City', percent: 1000 }] }],
    ['reverse charge', { rates: [], category: 'AE', reason: 'Reverse charge' }],
  ] as const)('a draft is not finalised on a day of %s, and is on one of its own', async (_what, change) => {
    const accountId = await app.account()
    const draft = { priced: cartOf([2000n, 333n]), status: 'Draft' } as const
    const { id } = await app.run((ctx, tx) => issueInvoice(ctx, tx, { accountId, ...draft }))
    const finalise = (tax: TaxTreatment) => app.run((ctx, tx) => finaliseInvoice(ctx, tx, { id, accountId }, tax))
    await expect(finalise({ ...vat24, ...change })).rejects.toMatchObject({ detail: { also: ['tax_changed'] } })
    expect(await app.rowOf({ id, accountId })).toMatchObject({ status: 'Draft', number: null })
    await finalise({ ...vat24, inclusive: true }) // how the catalogue says its prices is nothing to a draft
    expect((await app.rowOf({ id, accountId })).status).toBe('Unpaid')
  })

  test('the late fee stands on an invoice of its own, once, without tax', async () => {
    const ref = await app.invoiceOf(await app.account())
    const charge = () => app.run((ctx, tx) => chargeLateFee(ctx, tx, ref))
    const fees = await Promise.all([charge(), charge(), charge()])
    expect(fees.filter(fee => fee !== undefined)).toMatchObject([{ totalMinor: 124n }])
    const id = fees.find(fee => fee !== undefined)?.id ?? ''
    const lines = await app.db.selectFrom('invoice_line').selectAll().where('invoice_id', '=', id).execute()
    expect(lines).toMatchObject([{ item_id: '-3', type: 'Fee', net_minor: '124', tax_minor: '0' }])
    expect(await app.run((ctx, tx) => chargeLateFee(ctx, tx, { id, accountId: ref.accountId }))).toBeUndefined()
  })
})
