import type { Minor } from '@innkeeper/money'
import type { Context } from '../../context.ts'
import type { Tx } from '../../db/database.ts'
import { badField } from '../../refusal.ts'
import { audit } from '../audit/index.ts'
import { insertEntry } from './ledger-store.ts'
import { type PaymentState, setFee } from './payment-store.ts'

/**
 * Books what a gateway kept of a payment that was booked before it said so; once, however often it says it. The account is
 * locked.
 */
export async function recordFee(ctx: Context, tx: Tx, payment: PaymentState, feeMinor: Minor): Promise<void> {
  if (feeMinor === 0n || payment.feeMinor !== 0n) return
  if (feeMinor < 0n || feeMinor > payment.amountMinor) throw badField('amount', 'field_format_error')
  if (!(await setFee(tx, payment, feeMinor))) return
  const { id, accountId, invoiceId, gateway, externalId, currency } = payment
  await insertEntry(tx, {
    at: ctx.business.now(),
    event: 'payment.fee',
    key: `fee:${gateway}:${externalId}`,
    description: `Fee of payment ${externalId} by ${gateway}`,
    ...{ accountId, currency },
    postings: [
      { ledger: 'fees', amountMinor: feeMinor, invoiceId },
      { ledger: `clearing:${gateway}`, amountMinor: -feeMinor, invoiceId },
    ],
  })
  await audit(ctx, tx, {
    event: 'payment.fee',
    // Customers read these; what a gateway costs us is not for them.
    description: `Payment settled by ${gateway}`,
    detail: { payment: id, invoice: invoiceId, fee_minor: String(feeMinor), currency },
    accountId,
  })
}
