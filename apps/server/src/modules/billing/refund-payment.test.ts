import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type BillingApp, billingApp } from '../../../test/billing.ts'
import { auditMoney, recordChargeback, refundPayment, settleInvoice } from './index.ts'

let app: BillingApp
beforeAll(async () => {
  app = await billingApp({ lateFeePercent: 5 })
})
afterAll(async () => {
  expect(await auditMoney(app.db)).toEqual([])
  await app.close()
})

describe('money that goes back', () => {
  test('refunds in parts leave it paid until the last makes it Refunded', async () => {
    const ref = await app.invoiceOf(await app.account())
    const { paymentId } = await app.pay(ref, 2480n)
    const refund = (amountMinor: bigint, externalId: string) =>
      app.run((ctx, tx) => refundPayment(ctx, tx, { paymentId, amountMinor, externalId, to: 'gateway' }))
    expect(await refund(480n, 'back 1')).toEqual({ status: 'Paid', repeated: false })
    expect(await refund(480n, 'back 1')).toEqual({ status: 'Paid', repeated: true })
    await expect(refund(2001n, 'back 2')).rejects.toMatchObject({ detail: { fields: { amount: expect.anything() } } })
    expect(await refund(2000n, 'back 3')).toEqual({ status: 'Refunded', repeated: false })
    expect(app.happened.filter(what => what.endsWith(` ${ref.id}`))).toEqual([`paid ${ref.id}`, `refunded ${ref.id}`])
  })

  test('what was paid too much is refunded first, and only while it is there', async () => {
    const ref = await app.invoiceOf(await app.account())
    const { paymentId } = await app.pay(ref, 3000n)
    const refund = (amountMinor: bigint, externalId: string) =>
      app.run((ctx, tx) => refundPayment(ctx, tx, { paymentId, amountMinor, externalId, to: 'gateway' }))
    expect(await refund(500n, 'over 1')).toMatchObject({ status: 'Paid' })
    expect(await app.creditNow(ref.accountId)).toBe(20n)
    const next = await app.invoiceOf(ref.accountId)
    await app.run((ctx, tx) => settleInvoice(ctx, tx, next))
    await expect(refund(2500n, 'over 2')).rejects.toMatchObject({ code: 'insufficient_credit' })
    expect(await refund(2480n, 'over 3')).toMatchObject({ status: 'Refunded' })
  })

  test('in another currency, or by the name of another that is booked, it is refused and not taken for that one', async () => {
    const ref = await app.invoiceOf(await app.account())
    const [{ paymentId }, other] = [await app.pay(ref, 2000n), await app.pay(ref, 480n)]
    for (const reverse of [refundPayment, recordChargeback]) {
      const take = (more: object) => {
        const what = { paymentId, amountMinor: 300n, externalId: `taken by ${reverse.name}`, to: 'gateway', ...more }
        return app.run((ctx, tx) => reverse(ctx, tx, what as Parameters<typeof refundPayment>[2])) // each has its own of it
      }
      await expect(take({ currency: 'USD' })).rejects.toMatchObject({
        detail: { fields: { currency: expect.anything() } },
      })
      expect(await take({ currency: 'EUR' })).toMatchObject({ repeated: false })
      expect(await take({ currency: 'EUR' })).toMatchObject({ repeated: true })
      for (const differs of [{ amountMinor: 299n }, { paymentId: other.paymentId }])
        await expect(take(differs)).rejects.toMatchObject({ detail: { also: ['reference_of_another_payment'] } })
    }
  })

  test('by one name for two accounts at once, one of them is booked', async () => {
    const refs = [await app.invoiceOf(await app.account()), await app.invoiceOf(await app.account())]
    const payments = await Promise.all(refs.map(ref => app.pay(ref, 2480n)))
    const taken = await Promise.allSettled(
      payments.map(({ paymentId }) =>
        app.run(async (ctx, tx) => {
          await recordChargeback(ctx, tx, { paymentId, amountMinor: 2480n, externalId: 'of both' })
          await new Promise(resolve => setTimeout(resolve, 100)) // the other one waits for the name
        }),
      ),
    )
    const refused = taken.flatMap(one => (one.status === 'rejected' ? [one.reason] : []))
    expect(refused).toMatchObject([{ detail: { also: ['reference_of_another_payment'] } }])
    const statuses = await Promise.all(refs.map(async ref => (await app.rowOf(ref)).status))
    expect(statuses.sort()).toEqual(['Paid', 'Unpaid'])
  })

  test('a chargeback makes it Unpaid again, and a later payment pays it again', async () => {
    const ref = await app.invoiceOf(await app.account())
    const { paymentId } = await app.pay(ref, 2480n)
    const chargeback = { paymentId, amountMinor: 2480n, feeMinor: 1500n, externalId: 'dispute' }
    const take = () => app.run((ctx, tx) => recordChargeback(ctx, tx, chargeback))
    expect([await take(), await take()]).toEqual([
      { status: 'Unpaid', repeated: false },
      { status: 'Unpaid', repeated: true },
    ])
    expect(await app.rowOf(ref)).toMatchObject({ due_minor: '2480', paid_minor: '0', paid_at: null })
    expect(await app.pay(ref, 2480n)).toMatchObject({ status: 'Paid' })
  })

  test('a chargeback of credit that is spent is owed, and the account is parked', async () => {
    const ref = await app.invoiceOf(await app.account())
    const { paymentId } = await app.pay(ref, 5000n)
    await app.run((ctx, tx) => settleInvoice(ctx, tx, ref))
    const next = await app.invoiceOf(ref.accountId)
    await app.run((ctx, tx) => settleInvoice(ctx, tx, next)) // spends 2480 of the 2520
    const chargeback = { paymentId, amountMinor: 5000n, externalId: 'all of it' }
    await app.run((ctx, tx) => recordChargeback(ctx, tx, chargeback))
    expect(await app.creditNow(ref.accountId)).toBe(0n)
    const parked = app.db.selectFrom('account').select('parked_reason').where('id', '=', ref.accountId)
    expect((await parked.executeTakeFirstOrThrow()).parked_reason).toContain('chargeback')
    await expect(app.invoiceOf(ref.accountId)).rejects.toMatchObject({ detail: { also: ['account_parked'] } })
  })
})
