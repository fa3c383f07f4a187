import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type BillingApp, billingApp, cartOf } from '../../../test/billing.ts'
import { auditMoney, issueInvoice, recordPayment } from './index.ts'

let app: BillingApp
beforeAll(async () => {
  app = await billingApp({ lateFeePercent: 5 })
})
afterAll(async () => {
  expect(await auditMoney(app.db)).toEqual([])
  await app.close()
})

describe('payments', () => {
  test('in parts pay it, and what is too much becomes credit', async () => {
    const ref = await app.invoiceOf(await app.account())
    expect(await app.pay(ref, 1000n)).toMatchObject({ appliedMinor: 1000n, creditedMinor: 0n, status: 'Unpaid' })
    expect(await app.pay(ref, 2000n)).toMatchObject({ appliedMinor: 1480n, creditedMinor: 520n, status: 'Paid' })
    expect(await app.pay(ref, 100n)).toMatchObject({ appliedMinor: 0n, creditedMinor: 100n, status: 'Paid' })
    expect(await app.creditNow(ref.accountId)).toBe(620n)
  })

  test('that a gateway tells of twice, and at once, count once', async () => {
    const ref = await app.invoiceOf(await app.account())
    const told = await Promise.all(Array.from({ length: 8 }, () => app.pay(ref, 2480n, 'the same')))
    expect(told.filter(one => !one.repeated)).toHaveLength(1)
    expect(new Set(told.map(one => one.paymentId)).size).toBe(1)
    expect(told.every(one => one.status === 'Paid' && one.appliedMinor === 2480n)).toBe(true)
    expect(app.happened.filter(what => what === `paid ${ref.id}`)).toHaveLength(1)
  })

  test('in another currency, of nothing, for a draft or with the id of another account are refused', async () => {
    const ref = await app.invoiceOf(await app.account())
    const other = await app.invoiceOf(await app.account())
    await app.pay(other, 10n, 'taken')
    const draft = await app.run((ctx, tx) =>
      issueInvoice(ctx, tx, { accountId: ref.accountId, priced: cartOf([1n]), status: 'Draft' }),
    )
    const payment = { accountId: ref.accountId, invoiceId: ref.id, methodId: null, gateway: 'bank', externalId: 'x' }
    const record = (more: object) =>
      app.run((ctx, tx) =>
        recordPayment(ctx, tx, { ...payment, amountMinor: 10n, currency: 'EUR', at: ctx.business.now(), ...more }),
      )
    await expect(record({ currency: 'USD' })).rejects.toMatchObject({
      detail: { fields: { currency: expect.anything() } },
    })
    await expect(record({ amountMinor: 0n })).rejects.toMatchObject({
      detail: { fields: { amount: expect.anything() } },
    })
    await expect(record({ invoiceId: draft.id })).rejects.toMatchObject({ code: 'conflict' })
    await expect(record({ invoiceId: other.id })).rejects.toMatchObject({ code: 'not_found' })
    await expect(record({ externalId: 'taken' })).rejects.toMatchObject({ code: 'conflict' })
    await record({ externalId: 'own', invoiceId: null })
    for (const differs of [{}, { invoiceId: null, amountMinor: 11n }])
      await expect(record({ externalId: 'own', ...differs })).rejects.toMatchObject({
        detail: { also: ['reference_of_another_payment'] },
      })
    expect((await app.rowOf(ref)).paid_minor).toBe('0')
  })
})
