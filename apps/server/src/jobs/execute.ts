import type { JobHelpers, Task } from 'graphile-worker'
import type { App } from '../context.ts'
import { GiveUp, type Job } from './jobs.ts'

/** What became of one attempt, for metrics. */
export interface JobOutcome {
  readonly name: string
  /** `failed`: to be tried again. `dead`: given up. `interrupted`: by the stop of the worker; it counts as no attempt. */
  readonly result: 'done' | 'failed' | 'dead' | 'interrupted'
  readonly seconds: number
}

/** The job as a task of the queue: checks the payload, runs it, and logs and reports what became of it. */
// biome-ignore lint/suspicious/noExplicitAny: a list of jobs holds payloads of all types; parse() gives each its own
export function taskOf(app: App, job: Job<any>, report: (outcome: JobOutcome) => void): Task {
  return async (payload, helpers) => {
    const { id, attempts, max_attempts } = helpers.job
    const log = app.log.child({ job: id, jobName: job.name })
    const start = performance.now()
    const end = (result: JobOutcome['result']) =>
      report({ name: job.name, result, seconds: (performance.now() - start) / 1000 })
    try {
      await untilAborted(
        job.run(app, job.parse(payload), { id, attempt: attempts, log, signal: helpers.abortSignal }),
        helpers,
      )
      log.debug('job done')
      end('done')
    } catch (error) {
      if (helpers.abortSignal.aborted) {
        await takeBackAttempt(helpers)
        log.info('job interrupted by the stop of the worker')
        end('interrupted')
        throw error
      }
      const hopeless = error instanceof GiveUp
      if (hopeless) await giveUp(helpers)
      const dead = hopeless || attempts >= max_attempts
      if (dead) log.error({ err: error, attempt: attempts }, 'job given up')
      else log.warn({ err: error, attempt: attempts }, 'job failed, to be tried again')
      end(dead ? 'dead' : 'failed')
      throw error // the queue writes it down, and when to try again
    }
  }
}

/** A job that ignores its signal shall not keep the worker from stopping; it runs again after the next start. */
function untilAborted(work: Promise<void>, { abortPromise }: JobHelpers): Promise<void> {
  work.catch(() => {}) // it may fail after the race is over
  return Promise.race([work, abortPromise])
}

// The queue has functions for jobs that are not running; these two are for the one that is.
async function takeBackAttempt({ job, query }: JobHelpers): Promise<void> {
  await query('update graphile_worker._private_jobs set attempts = attempts - 1 where id = $1', [job.id])
}

async function giveUp({ job, query }: JobHelpers): Promise<void> {
  await query('update graphile_worker._private_jobs set max_attempts = attempts where id = $1', [job.id])
}
