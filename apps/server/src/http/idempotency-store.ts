import { type Insertable, sql } from 'kysely'
import type { Db, Tx } from '../db/database.ts'
import { deleteInBatches } from '../db/delete-in-batches.ts'
import type { IdempotentAnswer } from '../db/tables.gen.ts'

/** Takes the lock until the transaction ends; false when another transaction has it. */
export async function lockKey(tx: Tx, lock: bigint): Promise<boolean> {
  const { rows } = await sql<{ taken: boolean }>`
    select pg_try_advisory_xact_lock(${lock.toString()}::bigint) as taken`.execute(tx)
  return rows[0]?.taken ?? false
}

/** An answer stored after `expiry`. */
export async function findAnswer(tx: Tx, scope: string, key: string, expiry: Date) {
  return tx
    .selectFrom('idempotent_answer')
    .select(['fingerprint', 'status', 'answer'])
    .where('scope', '=', scope)
    .where('key', '=', key)
    .where('created_at', '>', expiry)
    .executeTakeFirst()
}

/** Stores an answer, over an expired one if there is one; false when one that still counts is there. */
export async function keepAnswer(tx: Tx, row: Insertable<IdempotentAnswer>, expiry: Date): Promise<boolean> {
  const { fingerprint, status, answer, created_at } = row
  const result = await tx
    .insertInto('idempotent_answer')
    .values(row)
    .onConflict(conflict =>
      conflict
        .columns(['scope', 'key'])
        .doUpdateSet({ fingerprint, status, answer, created_at })
        .where('idempotent_answer.created_at', '<=', expiry),
    )
    .executeTakeFirst()
  return result.numInsertedOrUpdatedRows === 1n
}

export async function deleteAnswers(db: Db, before: Date): Promise<void> {
  await deleteInBatches(
    db,
    `delete from idempotent_answer where (scope, key) in
     (select scope, key from idempotent_answer where created_at < $1 order by created_at limit $2)`,
    before,
  )
}
