import type pg from 'pg'
import type { App } from '../context.ts'
import { startWorker, sweeps } from '../jobs/index.ts'
import { mailJobs } from '../modules/mail/index.ts'
import type { Running } from '../node.ts'

/** Runs the jobs of all modules. */
export function startJobs(app: App, connection: pg.PoolConfig): Promise<Running> {
  return startWorker(app, connection, mailJobs(app), sweeps)
}
