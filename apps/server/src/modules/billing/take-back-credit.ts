import { randomUUID } from 'node:crypto'
import { least } from '@innkeeper/money'
import type { Context, InvoiceRef } from '../../context.ts'
import type { Tx } from '../../db/database.ts'
import { notFound } from '../../refusal.ts'
import { notedCreditOf, takenBackKey } from './chargeback-store.ts'
import type { InvoiceStatus } from './invoice.ts'
import { selectInvoiceAndCredit } from './invoice-store.ts'
import { applyPayment, creditPayment } from './settle-invoice.ts'

export interface TakenBack {
  readonly status: InvoiceStatus
  /** Not all of it could be taken: the client has spent it. */
  readonly spent: boolean
}

/**
 * Pays an invoice whose payment was taken back with the credit that its credit notes gave: that was the money of this
 * payment, and whoever has it no more could spend it all the same. Whether the account applies credit by itself does not
 * matter. The account is locked.
 */
export async function takeBackCredit(ctx: Context, tx: Tx, ref: InvoiceRef): Promise<TakenBack> {
  const noted = await notedCreditOf(tx, ref)
  const found = await selectInvoiceAndCredit(tx, ref)
  if (found === undefined) throw notFound()
  const { invoice, credit } = found
  const owed = least(noted, invoice.dueMinor)
  const taken = least(owed, credit)
  const spent = taken < owed
  if (taken <= 0n) return { status: invoice.status, spent }
  const payment = creditPayment(ctx, invoice, taken)
  const entry = { ...payment.entry, key: `${takenBackKey(invoice.id)}${randomUUID()}` }
  return { status: await applyPayment(ctx, tx, invoice, { ...payment, entry }), spent }
}
