import { sql } from 'kysely'
import type { Db, Queryable, Tx } from '../../db/database.ts'
import { locks } from '../../db/locks.ts'

export interface KeyRow {
  readonly kid: string
  /** Encrypted PKCS #8 (PEM). */
  readonly privateKey: Buffer
  readonly publicJwk: Readonly<Record<string, unknown>>
  readonly retiredAt: Date | null
}

/** All keys, the one that signs first. */
export async function selectKeys(db: Queryable): Promise<KeyRow[]> {
  const rows = await db
    .selectFrom('signing_key')
    .select(['kid', 'private_key', 'public_jwk', 'retired_at'])
    .orderBy(sql`retired_at is not null`)
    .orderBy('created_at', 'desc')
    .orderBy('kid')
    .execute()
  return rows.map(row => ({
    kid: row.kid,
    privateKey: row.private_key,
    publicJwk: row.public_jwk as Record<string, unknown>, // written below from a JWK
    retiredAt: row.retired_at,
  }))
}

/** Runs `work` while no other node changes keys. */
export async function withKeysLocked<T>(db: Db, work: (tx: Tx) => Promise<T>): Promise<T> {
  return db.transaction().execute(async tx => {
    await sql`select pg_advisory_xact_lock(${locks.signingKeys}::bigint)`.execute(tx)
    return work(tx)
  })
}

export async function insertKey(tx: Tx, key: Omit<KeyRow, 'retiredAt'>, at: Date): Promise<void> {
  await tx
    .insertInto('signing_key')
    .values({
      kid: key.kid,
      private_key: key.privateKey,
      public_jwk: JSON.stringify(key.publicJwk),
      created_at: at,
    })
    .execute()
}

export async function retireKeys(tx: Tx, at: Date): Promise<void> {
  await tx.updateTable('signing_key').set({ retired_at: at }).where('retired_at', 'is', null).execute()
}

/** Deletes keys that were retired before `before`. */
export async function deleteRetiredKeys(db: Queryable, before: Date): Promise<void> {
  await db.deleteFrom('signing_key').where('retired_at', '<', before).execute()
}
