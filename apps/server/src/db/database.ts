import { Kysely, PostgresDialect, type Transaction } from 'kysely'
import pg from 'pg'
import type { DB } from './tables.gen.ts'

export type Db = Kysely<DB>
export type Tx = Transaction<DB>
/** A store function that only reads takes either. */
export type Queryable = Db | Tx

/** Opens a pool. bigint columns arrive as strings (ids are strings everywhere), timestamps as Date. */
export function openDatabase(connection: pg.PoolConfig): Db {
  const pool = new pg.Pool(connection)
  pool.on('error', () => {}) // an idle connection that breaks is replaced at its next use
  return new Kysely<DB>({ dialect: new PostgresDialect({ pool }) })
}
