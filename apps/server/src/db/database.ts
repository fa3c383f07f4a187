import { CompiledQuery, Kysely, PostgresDialect, type Transaction } from 'kysely'
import pg from 'pg'
import { type PreparingPool, preparingPool } from './statements.ts'
import type { DB } from './tables.gen.ts'

export type Db = Kysely<DB>
export type Tx = Transaction<DB>
/** A store function that only reads takes either. */
export type Queryable = Db | Tx

/** What every pool of ours starts from; a caller's own setting wins. Times in milliseconds. */
const defaults = {
  application_name: 'innkeeper',
  // A request that waits longer than this for the database has lost its client already.
  connectionTimeoutMillis: 10_000,
  statement_timeout: 15_000,
  // Ends the transaction of a process that hangs, which would hold its row locks for ever.
  idle_in_transaction_session_timeout: 60_000,
  keepAlive: true,
} satisfies pg.PoolConfig

/** Opens a pool. bigint columns arrive as strings (ids are strings everywhere), timestamps as Date. */
export function openDatabase(connection: pg.PoolConfig): Db {
  return databaseOn(openPool(connection))
}

/** The database through a pool that exists; destroying it ends the pool. */
export function databaseOn(pool: pg.Pool): Db {
  const prepared = preparingPool(pool)
  const db = new Kysely<DB>({ dialect: new PostgresDialect({ pool: prepared }) })
  pools.set(db, prepared)
  return db
}

/** The pools below databases, not transactions; for {@link runSql}. */
const pools = new WeakMap<Queryable, PreparingPool>()

/** A pool that survives the loss of its connections: broken ones leave it, and the next query opens another. */
export function openPool(connection: pg.PoolConfig): pg.Pool {
  const pool = new pg.Pool({ ...defaults, ...connection })
  pool.on('error', () => {}) // an idle connection broke; the pool has dropped it already
  // Without a listener, a connection that breaks between two queries of a transaction would end the process. Its next
  // query fails with the same news.
  pool.on('connect', client => client.on('error', () => {}))
  return pool
}

/** Runs SQL given as text. For the few statements that are hot enough for building them to cost, and for functions. */
export async function runSql<Row>(db: Queryable, text: string, parameters: readonly unknown[] = []): Promise<Row[]> {
  const pool = pools.get(db)
  if (pool === undefined) return (await db.executeQuery<Row>(CompiledQuery.raw(text, [...parameters]))).rows // in a transaction
  const { rows } = await pool.run(text, parameters)
  return rows as Row[] // what the caller knows the text to give
}
