import { type Queryable, runSql } from '../db/database.ts'

/** Dead: it has used up its attempts, and waits for a person. */
export type JobState = 'dead' | 'waiting' | 'running'

/** A job that is not done. */
export interface QueuedJob {
  readonly id: string
  readonly name: string
  readonly state: JobState
  readonly attempts: number
  readonly maxAttempts: number
  readonly error: string
  readonly createdAt: Date
  readonly runAt: Date
  readonly lastAttemptAt: Date | null
}

export interface JobFilter {
  readonly state?: JobState | undefined
  readonly name?: string | undefined
}

/** The jobs that are not done, the newest first. Payloads are not shown: they are for the job alone. */
export function listJobs(
  db: Queryable,
  { state, name }: JobFilter,
  { before, limit }: { readonly before: string | undefined; readonly limit: number },
): Promise<QueuedJob[]> {
  return runSql<QueuedJob>(
    db,
    `select * from (
       select id, task_identifier as name, attempts, max_attempts as "maxAttempts", coalesce(last_error, '') as error,
         created_at as "createdAt", run_at as "runAt",
         case when attempts > 0 then coalesce(locked_at, updated_at) end as "lastAttemptAt",
         case when locked_at is not null then 'running' when attempts >= max_attempts then 'dead' else 'waiting' end as state
       from graphile_worker.jobs
     ) as job
     where ($1::text is null or state = $1) and ($2::text is null or name = $2) and ($3::bigint is null or id < $3)
     order by id desc limit $4`,
    [state ?? null, name ?? null, before ?? null, limit],
  )
}
