import { type Queryable, runSql, type Tx } from '../../db/database.ts'

/** Milliseconds by which the business clock is ahead of the wall clock. */
export async function readAhead(db: Queryable): Promise<number> {
  const row = await db.selectFrom('business_clock').select('ahead_milliseconds').executeTakeFirst()
  return Number(row?.ahead_milliseconds ?? 0)
}

/** Puts the clock at least that far ahead, never back, and tells every node once this is committed. */
export async function writeAhead(tx: Tx, milliseconds: number): Promise<number> {
  const [row] = await runSql<{ ahead: string }>(
    tx,
    `insert into business_clock (ahead_milliseconds) values ($1)
     on conflict (only_one) do update
     set ahead_milliseconds = greatest(business_clock.ahead_milliseconds, excluded.ahead_milliseconds)
     returning ahead_milliseconds as ahead, pg_notify('clock', ahead_milliseconds::text)`,
    [milliseconds],
  )
  return Number(row?.ahead)
}
