import type { Job } from './jobs.ts'

/** A job that runs by the clock, once however many nodes there are. */
export interface Schedule {
  readonly job: Job<object>
  /** Five cron fields, in UTC. */
  readonly cron: string
}

/**
 * Runs a job without payload at the times of a crontab line. Times missed while no
 * worker ran are made up for; of runs that wait, one is enough.
 */
export function schedule(cron: string, job: Job<object>): Schedule {
  return { cron, job }
}
