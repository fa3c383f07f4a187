import { randomUUID } from 'node:crypto'
import { dayOf } from '@innkeeper/money'
import type { Context } from '../../context.ts'
import { badField, notFound, Refusal } from '../../refusal.ts'
import { accountOfInvoice, lockAccount, lockInvoice, recordPayment } from '../billing/index.ts'
import { readAmount } from './amounts.ts'

export interface ManualPayment {
  /** Decimal amount; what is due, unless told. */
  readonly amount?: string | undefined
  readonly reference?: string | undefined
  readonly paidAt?: Date | undefined
  readonly note?: string | undefined
}

/** Books money that no gateway told of: cash, a cheque, what was found in another account. */
export async function markPaid(ctx: Context, invoiceId: string, payment: ManualPayment) {
  // By the day: a till may be some minutes ahead.
  const { timeZone } = ctx.config
  if (payment.paidAt !== undefined && dayOf(payment.paidAt, timeZone) > dayOf(ctx.business.now(), timeZone))
    throw badField('paid_at', 'field_format_error')
  const tx = await ctx.begin()
  const accountId = await accountOfInvoice(tx, invoiceId)
  if (accountId === undefined) throw notFound()
  await lockAccount(tx, accountId)
  const { currency, dueMinor, status, paymentMethodId } = await lockInvoice(tx, { id: invoiceId, accountId })
  if (payment.amount === undefined && dueMinor === 0n) throw new Refusal('conflict', { also: [status] })
  const recorded = await recordPayment(ctx, tx, {
    accountId,
    invoiceId,
    methodId: paymentMethodId,
    gateway: 'manual',
    // One transfer or cheque may pay several invoices.
    externalId: `${invoiceId}:${payment.reference?.trim() || randomUUID()}`,
    amountMinor: payment.amount === undefined ? dueMinor : readAmount('amount', payment.amount, currency),
    currency: currency.code,
    at: payment.paidAt ?? ctx.business.now(),
    ...(payment.note === undefined ? {} : { note: payment.note }),
  })
  return { ...recorded, currency }
}
