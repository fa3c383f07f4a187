import type { Minor } from '@innkeeper/money'
import type { Queryable, Tx } from '../../db/database.ts'

export type BankState = 'matched' | 'unmatched' | 'ignored'

/** A movement on a bank account of the provider, as it was imported. */
export interface BankTransaction {
  readonly id: string
  readonly methodId: string
  readonly fingerprint: string
  /** YYYY-MM-DD. */
  readonly bookedOn: string
  /** Negative for money that left. */
  readonly amountMinor: Minor
  readonly currency: string
  readonly payer: string
  readonly reference: string
  readonly state: BankState
  readonly paymentId: string | null
  /** Why it is not matched. */
  readonly reason: string
}

export type NewTransaction = Omit<BankTransaction, 'id' | 'state' | 'paymentId' | 'reason'>

/** Its id; undefined: an earlier statement had it. */
export async function insertTransaction(tx: Tx, transaction: NewTransaction, at: Date): Promise<string | undefined> {
  const row = await tx
    .insertInto('bank_transaction')
    .values({
      method_id: transaction.methodId,
      fingerprint: transaction.fingerprint,
      booked_on: transaction.bookedOn,
      amount_minor: String(transaction.amountMinor),
      currency: transaction.currency,
      payer: transaction.payer,
      reference: transaction.reference,
      state: 'unmatched',
      imported_at: at,
    })
    .onConflict(conflict => conflict.constraint('bank_transaction_once').doNothing())
    .returning('id')
    .executeTakeFirst()
  return row?.id
}

/** Says what became of a transaction; false: it was said before. */
export async function decideTransaction(
  tx: Tx,
  id: string,
  decision: { readonly state: BankState; readonly paymentId?: string; readonly reason?: string },
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('bank_transaction')
    .set({ state: decision.state, payment_id: decision.paymentId ?? null, reason: decision.reason ?? '' })
    .where('id', '=', id)
    .where('state', '=', 'unmatched')
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

export async function transactionById(db: Queryable, id: string): Promise<BankTransaction | undefined> {
  const row = await selectTransactions(db).where('id', '=', id).executeTakeFirst()
  return row === undefined ? undefined : transactionOf(row)
}

function selectTransactions(db: Queryable) {
  return db
    .selectFrom('bank_transaction')
    .select(({ cast, ref }) => [
      'id',
      'method_id',
      'fingerprint',
      cast<string>(ref('booked_on'), 'text').as('booked_on'),
      'amount_minor',
      'currency',
      'payer',
      'reference',
      'state',
      'payment_id',
      'reason',
    ])
}

type Row = NonNullable<Awaited<ReturnType<ReturnType<typeof selectTransactions>['executeTakeFirst']>>>

function transactionOf(row: Row): BankTransaction {
  return {
    id: row.id,
    methodId: row.method_id,
    fingerprint: row.fingerprint,
    bookedOn: row.booked_on,
    amountMinor: BigInt(row.amount_minor),
    currency: row.currency,
    payer: row.payer,
    reference: row.reference,
    state: row.state as BankState, // the table's check
    paymentId: row.payment_id,
    reason: row.reason,
  }
}
