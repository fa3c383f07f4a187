import type { Currency, Minor } from '@innkeeper/money'
import type { Queryable } from '../../db/database.ts'
import { notFound } from '../../refusal.ts'
import { selectBalance } from './invoice-reads-store.ts'

export interface Balance {
  readonly currency: Currency
  /** Over all its invoices. */
  readonly owedMinor: Minor
  readonly creditMinor: Minor
}

/** What an account owes and has to spend. */
export async function balanceOf(db: Queryable, accountId: string): Promise<Balance> {
  const row = await selectBalance(db, accountId)
  if (row === undefined) throw notFound()
  const { code, exponent, owed, credit } = row
  return { currency: { code, exponent }, owedMinor: BigInt(owed), creditMinor: BigInt(credit) }
}
