import type { InvoiceRef } from '../../context.ts'
import type { Tx } from '../../db/database.ts'
import { notFound, Refusal } from '../../refusal.ts'
import { type LockedAccount, selectAccountForUpdate } from './account-store.ts'
import type { InvoiceState } from './invoice.ts'
import { selectInvoiceForUpdate } from './invoice-store.ts'

/** Locks the money of an account until the transaction ends. Whatever changes it does this first. */
export async function lockAccount(tx: Tx, accountId: string): Promise<LockedAccount> {
  const account = await selectAccountForUpdate(tx, accountId)
  if (account === undefined) throw notFound()
  return account
}

/** Locks an invoice of the account, after {@link lockAccount}. */
export async function lockInvoice(tx: Tx, ref: InvoiceRef): Promise<InvoiceState> {
  const invoice = await selectInvoiceForUpdate(tx, ref)
  if (invoice === undefined) throw notFound()
  return invoice
}

/** Nothing is billed to an account whose money does not add up until somebody has looked. */
export function refuseParked(account: LockedAccount): void {
  if (account.parkedAt !== null) throw new Refusal('conflict', { also: ['account_parked'] })
}
