import type { Minor } from '@innkeeper/money'
import type { Queryable, Tx } from '../../db/database.ts'

/** A refund that was decided here, on its way to the gateway. */
export interface RefundAttempt {
  /** Also its key at the gateway. */
  readonly id: string
  readonly accountId: string
  readonly paymentId: string
  readonly amountMinor: Minor
  readonly note: string
}

/** False: another refund of this payment is under way. */
export async function insertRefund(tx: Tx, refund: RefundAttempt, at: Date): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('refund_attempt')
    .values({
      id: refund.id,
      account_id: refund.accountId,
      payment_id: refund.paymentId,
      state: 'open',
      amount_minor: String(refund.amountMinor),
      note: refund.note,
      created_at: at,
    })
    // By the index refund_attempt_lease; its predicate cannot be named with parameters.
    .onConflict(conflict => conflict.doNothing())
    .executeTakeFirst()
  return numInsertedOrUpdatedRows === 1n
}

/** A refund that was written down, and what became of it. */
export interface KnownRefund extends RefundAttempt {
  readonly state: 'open' | 'succeeded' | 'failed'
  readonly error: string | null
}

export async function refundByKey(db: Queryable, id: string): Promise<KnownRefund | undefined> {
  const row = await db
    .selectFrom('refund_attempt')
    .select(['id', 'account_id', 'payment_id', 'amount_minor', 'note', 'state', 'error'])
    .where('id', '=', id)
    .executeTakeFirst()
  if (row === undefined) return undefined
  const { account_id: accountId, payment_id: paymentId, amount_minor, note, error } = row
  const state = row.state as KnownRefund['state'] // the table's check
  return { id: row.id, accountId, paymentId, amountMinor: BigInt(amount_minor), note, state, error }
}

export async function decideRefund(
  tx: Tx,
  { id, accountId }: RefundAttempt,
  decision: {
    readonly state: 'succeeded' | 'failed'
    readonly externalId?: string
    readonly error?: string
    readonly at: Date
  },
): Promise<boolean> {
  const { state, externalId = null, error = null, at } = decision
  const { numUpdatedRows } = await tx
    .updateTable('refund_attempt')
    .set({ state, external_id: externalId, error, decided_at: at })
    .where('id', '=', id)
    .where('account_id', '=', accountId)
    .where('state', '=', 'open')
    .executeTakeFirst()
  return numUpdatedRows === 1n
}
