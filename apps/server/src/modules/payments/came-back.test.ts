import { afterAll, beforeAll, expect, test } from 'vitest'
import { type PaymentsApp, paymentsApp } from '../../../test/payments.ts'
import { auditMoney } from '../billing/index.ts'
import { lookAtPayment } from './book-payment.ts'
import { chargeInvoice } from './charge-invoice.ts'
import { refundThroughGateway } from './refund-through-gateway.ts'

/* Money of a payment that had left us and is here again. */

let app: PaymentsApp
beforeAll(async () => {
  app = await paymentsApp()
})
afterAll(async () => {
  expect(await auditMoney(app.db)).toEqual([])
  await app.close()
})

async function paid() {
  const ref = await app.debtor()
  await app.act(ctx => chargeInvoice(ctx, ref))
  const payments = app.db.selectFrom('payment').select(['id', 'external_id']).where('invoice_id', '=', ref.id)
  const { id: paymentId, external_id: externalId } = await payments.executeTakeFirstOrThrow()
  const intent = app.stripe.object(externalId, 'payment_intent')
  const look = () => app.act(ctx => lookAtPayment(ctx, 'stripe', externalId))
  const refund = (amountMinor?: bigint) =>
    app.act(ctx => refundThroughGateway(ctx, { paymentId, ...(amountMinor && { amountMinor }) }))
  return { ref, intent, look, refund }
}
type Paid = Awaited<ReturnType<typeof paid>>

/** Its refund, in part, was booked and then could not be delivered. */
async function bounced({ intent, look }: Paid) {
  const refund = app.stripe.money.refund(intent, 1000, {})
  await look()
  app.stripe.money.failRefund(refund)
  await look()
}

async function won({ intent, look }: Paid) {
  const dispute = app.stripe.money.dispute(intent)
  await look()
  app.stripe.money.closeDispute(dispute, 'won')
  await look()
}

const wentAndCame: [what: string, happens: typeof won, first: string[]][] = [
  ['a refund that could not be delivered', bounced, ['payment 2480', 'refund 1000', 'payment 1000']],
  ['a dispute that was won', won, ['payment 2480', 'chargeback 2480', 'payment 2480']],
]
test.each(wentAndCame)(
  '%s can be given back again, here and at the gateway, and once',
  async (_what, happens, first) => {
    const payment = await paid()
    const { ref, intent, look, refund } = payment
    await happens(payment)
    expect(await app.booked(ref)).toEqual(first)
    await expect(refund(2481n)).rejects.toMatchObject({ code: 'field_format_error' })
    app.stripe.money.refund(intent, 500, {})
    await look()
    expect(await refund()).toEqual({ state: 'refunded', amountMinor: 1980n })
    await look()
    expect(await app.booked(ref)).toEqual([...first, 'refund 500', 'refund 1980'])
    await expect(refund()).rejects.toMatchObject({ detail: { also: ['refunded_already'] } })
    const account = app.db.selectFrom('account').select('parked_reason').where('id', '=', ref.accountId)
    expect(await account.executeTakeFirstOrThrow()).toEqual({ parked_reason: null })
  },
)
