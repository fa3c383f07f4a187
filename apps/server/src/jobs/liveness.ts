import pg from 'pg'
import { locks } from '../db/locks.ts'

/** Tells living workers from dead ones by a lock that PostgreSQL frees when the worker's connection ends. */
export interface Liveness {
  /** Claims to live under this name and no other, again if the connection was lost. */
  hold(worker: string): Promise<void>
  /** Gives the jobs of workers that are gone back to the queue; the queue itself would wait four hours. */
  releaseDead(): Promise<void>
  /**
   * Gives back the jobs that this worker took and never heard of, because the connection broke under the answer. Those
   * taken a moment ago may still be on their way.
   */
  releaseUnheard(running: ReadonlySet<string>): Promise<void>
  close(): Promise<void>
}

const onTheirWaySeconds = 5

export function openLiveness(connection: pg.ClientConfig): Liveness {
  let client: pg.Client | undefined
  let held: string | undefined

  async function connected(): Promise<pg.Client> {
    if (client !== undefined) return client
    const next = new pg.Client({ ...connection, application_name: 'innkeeper worker liveness' })
    next.on('error', () => {}) // 'end' follows
    next.on('end', () => {
      if (client === next) client = undefined
    })
    await next.connect()
    if (held !== undefined) await lock(next, held)
    client = next
    return next
  }
  const lock = (on: pg.Client, name: string) =>
    on.query('select pg_advisory_lock($1, hashtext($2))', [locks.workers, name])

  return {
    async hold(worker) {
      const on = await connected()
      if (held === worker) return
      await on.query('select pg_advisory_unlock_all()')
      await lock(on, worker)
      held = worker
    },
    async releaseDead() {
      const on = await connected()
      const { rows } = await on.query<{ worker: string }>(
        `select distinct locked_by as worker from graphile_worker.jobs where locked_by is not null`,
      )
      for (const { worker } of rows) {
        if (worker === held) continue
        const attempt = await on.query<{ free: boolean }>('select pg_try_advisory_lock($1, hashtext($2)) as free', [
          locks.workers,
          worker,
        ])
        if (attempt.rows[0]?.free !== true) continue
        await on.query('select graphile_worker.force_unlock_workers(array[$1])', [worker])
        await on.query('select pg_advisory_unlock($1, hashtext($2))', [locks.workers, worker])
      }
    },
    async releaseUnheard(running) {
      const on = await connected()
      await on.query(
        `update graphile_worker._private_jobs set locked_at = null, locked_by = null, attempts = attempts - 1
         where locked_by = $1 and locked_at < now() - make_interval(secs => $2) and id <> all($3::bigint[])`,
        [held, onTheirWaySeconds, [...running]],
      )
    },
    async close() {
      await client?.end()
    },
  }
}
