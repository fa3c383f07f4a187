import { sql } from 'kysely'
import type { Db } from '../../db/database.ts'

/** Wakes the followers of all nodes. */
export async function sendZoneNews(db: Db): Promise<void> {
  await sql`select pg_notify('dns', '')`.execute(db)
}
