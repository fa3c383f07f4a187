import type { Context, InvoiceRef } from '../../context.ts'
import type { Tx } from '../../db/database.ts'
import { lockAccount } from './lock.ts'
import { paymentsOf } from './payment-store.ts'
import { refundPayment } from './refund-payment.ts'

/**
 * Makes what payments paid of an invoice the client's credit, where what it bills comes to nothing. For one without a
 * number, which no credit note can correct; what credit paid of it goes back when it is made void.
 */
export async function returnPayments(ctx: Context, tx: Tx, invoice: InvoiceRef, reason: string): Promise<void> {
  await lockAccount(tx, invoice.accountId)
  for (const payment of await paymentsOf(tx, invoice)) {
    const { id: paymentId, amountMinor: paidMinor, creditedMinor, reversedMinor, uncreditedMinor } = payment
    const amountMinor = paidMinor - creditedMinor - (reversedMinor - uncreditedMinor)
    if (amountMinor <= 0n) continue
    const externalId = `invoice:${invoice.id}:${paymentId}`
    await refundPayment(ctx, tx, { paymentId, amountMinor, externalId, to: 'credit', note: reason })
  }
}
