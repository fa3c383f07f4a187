import { sql } from 'kysely'
import type { Queryable } from '../../db/database.ts'

export interface BucketRule {
  readonly bucket: string
  /** Failures within the window that are taken without a block. */
  readonly limit: number
}

export interface BucketState {
  readonly bucket: string
  readonly failures: number
  readonly blockedUntil: Date | null
  /** Whether this attempt was counted; if not, the bucket is blocked. */
  readonly counted: boolean
}

/**
 * Counts an attempt as a failure in every bucket, unless one of them is blocked (so that a blocked address cannot go on
 * to block users). One statement: attempts made at the same moment on any node all count. The one that reaches the
 * limit blocks the bucket, each time for twice as long. A bucket that another attempt blocks at this very moment is
 * missing from the answer. Buckets lock in the order given: callers name them in one order of kinds.
 */
export async function countAttempt(
  db: Queryable,
  rules: readonly BucketRule[],
  times: {
    readonly now: Date
    readonly windowSeconds: number
    readonly blockSeconds: number
    readonly longest: number
  },
): Promise<BucketState[]> {
  const { now, windowSeconds, blockSeconds, longest } = times
  const values = sql.join(rules.map(({ bucket, limit }) => sql`(${bucket}::text, ${limit}::integer)`))
  const failures = sql`case when greatest(attempt.first_at, attempt.blocked_until)
    <= ${now}::timestamptz - make_interval(secs => ${windowSeconds}) then 1 else attempt.failures + 1 end`
  const limit = sql`(select rule."limit" from rule where rule.bucket = excluded.bucket)`
  const { rows } = await sql<{ bucket: string; failures: number; blocked_until: Date | null; counted: boolean }>`
    with rule (bucket, "limit") as (values ${values}), blocked as (
      select bucket, failures, blocked_until from attempt join rule using (bucket)
      where blocked_until > ${now}::timestamptz
    ), counted as (
      insert into attempt (bucket, failures, first_at)
      select bucket, 1, ${now}::timestamptz from rule where not exists (select from blocked)
      on conflict (bucket) do update set
        failures = ${failures},
        first_at = case when ${failures} = 1 then excluded.first_at else attempt.first_at end,
        blocked_until = case when ${failures} >= ${limit}
          then ${now}::timestamptz + make_interval(secs =>
            least(${longest}::float, ${blockSeconds}::float * power(2, least(${failures} - ${limit}, 30))))
          end
      where attempt.blocked_until is null or attempt.blocked_until <= ${now}::timestamptz
      returning bucket, failures, blocked_until
    )
    select *, true as counted from counted union all select *, false from blocked`.execute(db)
  return rows.map(row => ({
    bucket: row.bucket,
    failures: row.failures,
    blockedUntil: row.blocked_until,
    counted: row.counted,
  }))
}

/**
 * Counts one of at most `limit` uses within a window that begins with the first. Undefined: it was counted; else since
 * when the window runs that is full.
 */
export async function countUse(
  db: Queryable,
  { bucket, limit }: BucketRule,
  { now, windowSeconds }: { readonly now: Date; readonly windowSeconds: number },
): Promise<Date | undefined> {
  const over = sql<boolean>`attempt.first_at <= ${now}::timestamptz - make_interval(secs => ${windowSeconds})`
  const { rows } = await sql`
    insert into attempt (bucket, failures, first_at) values (${bucket}, 1, ${now})
    on conflict (bucket) do update set
      failures = case when ${over} then 1 else attempt.failures + 1 end,
      first_at = case when ${over} then excluded.first_at else attempt.first_at end
    where ${over} or attempt.failures < ${limit}
    returning bucket`.execute(db)
  if (rows.length > 0) return undefined
  const full = await db.selectFrom('attempt').select('first_at').where('bucket', '=', bucket).executeTakeFirst()
  return full?.first_at ?? now
}

/** Takes back one counted attempt, because it succeeded, and the block it caused. */
export async function uncountAttempt(db: Queryable, { bucket, limit }: BucketRule): Promise<void> {
  await db
    .updateTable('attempt')
    .set(eb => ({
      failures: eb('failures', '-', 1),
      blocked_until: eb.case().when('failures', '<=', limit).then(null).else(eb.ref('blocked_until')).end(),
    }))
    .where('bucket', '=', bucket)
    .where('failures', '>', 0)
    .execute()
}

export async function clearAttempts(db: Queryable, bucket: string): Promise<void> {
  await db.deleteFrom('attempt').where('bucket', '=', bucket).execute()
}

export async function deleteOldAttempts(db: Queryable, before: Date): Promise<void> {
  await db
    .deleteFrom('attempt')
    .where('first_at', '<', before)
    .where(eb => eb.or([eb('blocked_until', 'is', null), eb('blocked_until', '<', before)]))
    .execute()
}
