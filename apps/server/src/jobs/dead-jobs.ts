import { type Queryable, runSql } from '../db/database.ts'

/** A job that has used up its attempts, and waits for a person. */
export interface DeadJob {
  readonly id: string
  readonly name: string
  readonly attempts: number
  readonly error: string
  readonly createdAt: Date
  readonly lastAttemptAt: Date
}

/** The dead jobs, the newest failure first. Payloads are not shown: they are for the job alone. */
export async function listDeadJobs(db: Queryable, limit = 100): Promise<DeadJob[]> {
  return runSql<DeadJob>(
    db,
    `select id, task_identifier as name, attempts, coalesce(last_error, '') as error, created_at as "createdAt",
            updated_at as "lastAttemptAt"
     from graphile_worker.jobs
     where attempts >= max_attempts and locked_at is null
     order by updated_at desc, id desc limit $1`,
    [limit],
  )
}

/** Gives a dead job as many attempts as it has had, the first at once. False when there is none with this id. */
export async function retryJob(db: Queryable, id: string): Promise<boolean> {
  const rows = await runSql(
    db,
    `select pg_notify('jobs:insert', '{"count":1}') from graphile_worker.reschedule_jobs(
       (select array_agg(id) from graphile_worker.jobs
        where id = $1::bigint and attempts >= max_attempts and locked_at is null),
       run_at => now(), attempts => 0)`,
    [id],
  )
  return rows.length === 1
}

/** Removes a dead job. False when there is none with this id. */
export async function discardJob(db: Queryable, id: string): Promise<boolean> {
  const rows = await runSql(
    db,
    `select 1 from graphile_worker.complete_jobs(
       (select array_agg(id) from graphile_worker.jobs
        where id = $1::bigint and attempts >= max_attempts and locked_at is null))`,
    [id],
  )
  return rows.length === 1
}
