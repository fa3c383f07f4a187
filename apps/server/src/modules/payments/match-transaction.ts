import { momentOfDay } from '@innkeeper/money'
import type { Context } from '../../context.ts'
import type { Tx } from '../../db/database.ts'
import { notFound, Refusal } from '../../refusal.ts'
import { audit } from '../audit/index.ts'
import { recordPayment } from '../billing/index.ts'
import { methodById, type PaymentMethod } from '../payment-methods/index.ts'
import { type BankTransaction, decideTransaction, transactionById } from './bank-store.ts'

/** Whom money is credited to: an invoice, or an account's credit. */
export interface Creditor {
  readonly accountId: string
  /** Null: straight to credit. */
  readonly invoiceId: string | null
}

/** Says by hand what an unmatched transaction was meant for. Refuses `conflict` for one that is matched, or that left us. */
export async function matchTransaction(ctx: Context, tx: Tx, id: string, creditor: Creditor): Promise<void> {
  const transaction = await transactionById(tx, id)
  const method = transaction && (await methodById(tx, transaction.methodId, transaction.currency))
  if (transaction === undefined || method === undefined) throw notFound()
  if (transaction.state !== 'unmatched' || transaction.amountMinor <= 0n) {
    throw new Refusal('conflict', { also: [transaction.state] })
  }
  await creditTransaction(ctx, tx, transaction, creditor, method)
  await audit(ctx, tx, {
    event: 'bank.match',
    description: `Bank transaction ${id} matched by hand`,
    detail: { transaction: id, invoice: creditor.invoiceId },
    accountId: creditor.accountId,
  })
}

/** Takes a transaction off the list of those that are unmatched, for a reason that staff give. */
export async function ignoreTransaction(ctx: Context, tx: Tx, id: string, reason: string): Promise<void> {
  if ((await transactionById(tx, id)) === undefined) throw notFound()
  if (!(await decideTransaction(tx, id, { state: 'ignored', reason })))
    throw new Refusal('conflict', { also: ['matched'] })
  await audit(ctx, tx, {
    event: 'bank.ignore',
    description: `Bank transaction ${id} set aside`,
    detail: { transaction: id, reason },
    accountId: null,
  })
}

/** Books a transaction as a payment. Whoever comes second finds it matched. */
export async function creditTransaction(
  ctx: Context,
  tx: Tx,
  transaction: Omit<BankTransaction, 'state' | 'paymentId' | 'reason'>,
  { accountId, invoiceId }: Creditor,
  { id: methodId, driver: gateway }: PaymentMethod,
): Promise<void> {
  const { id, amountMinor, currency, bookedOn, payer } = transaction
  const recorded = await recordPayment(ctx, tx, {
    ...{ accountId, invoiceId, methodId, gateway, externalId: externalIdOf(transaction), amountMinor, currency },
    at: momentOfDay(bookedOn, ctx.config.timeZone),
    note: payer === '' ? 'Transfer' : `Transfer from ${payer}`,
  })
  const claimed = await decideTransaction(tx, id, { state: 'matched', paymentId: recorded.paymentId })
  if (!claimed) throw new Refusal('conflict', { also: ['matched'] })
}

/** Unique over all bank accounts: fingerprints are of one. */
export function externalIdOf({ methodId, fingerprint }: Pick<BankTransaction, 'methodId' | 'fingerprint'>): string {
  return `${methodId}:${fingerprint}`
}
