import { EventEmitter } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  Logger,
  parseCronItems,
  type Runner,
  type RunnerOptions,
  run,
  type TaskList,
  type WorkerEvents,
} from 'graphile-worker'
import type pg from 'pg'
import type { App } from '../context.ts'
import { openPool } from '../db/database.ts'
import { type JobOutcome, taskOf } from './execute.ts'
import type { Job } from './jobs.ts'
import { openLiveness } from './liveness.ts'

/**
 * A job without payload that runs by the clock, once however many nodes there are. Times missed while no worker ran are
 * made up for; of runs that wait, one is enough.
 */
export interface Schedule {
  /** Five cron fields, in UTC. */
  readonly cron: string
  readonly job: Job<object>
}

export interface Worker {
  /** Takes no more jobs, gives running ones a moment to end, and the rest back to the queue. */
  stop(): Promise<void>
}

export interface WorkerSettings {
  /** Jobs that run at the same time; each may wait for somebody else's system. */
  readonly concurrency?: number
  readonly onOutcome?: (outcome: JobOutcome) => void
}

/** What a running job gets to end by itself when the worker stops. */
const graceMilliseconds = 2_000
const restartMilliseconds = 1_000
/** After that long the queue's own shutdown is taken for stuck. */
const patienceMilliseconds = graceMilliseconds + 3_000
const livenessMilliseconds = 30_000

/** Runs jobs and schedules until stopped, also through losses of the database. */
export async function startWorker(
  app: App,
  connection: pg.PoolConfig,
  // biome-ignore lint/suspicious/noExplicitAny: jobs of all payloads; each parses its own
  jobs: readonly Job<any>[],
  schedules: readonly Schedule[] = [],
  { concurrency = 4, onOutcome = () => {} }: WorkerSettings = {},
): Promise<Worker> {
  const pool = openPool({ ...connection, max: concurrency + 2, application_name: 'innkeeper worker' })
  const liveness = openLiveness(connection)
  const everyJob = [...jobs, ...schedules.map(({ job }) => job)]
  const taskList: TaskList = Object.fromEntries(everyJob.map(job => [job.name, taskOf(app, job, onOutcome)]))
  let name: string | undefined // what the queue calls this worker; another after each restart
  const keepAlive = async () => {
    if (name !== undefined) await liveness.hold(name)
    await liveness.releaseDead()
    await liveness.releaseUnheard(running)
  }
  const running = new Set<string>()

  let runner: Runner | undefined
  let restarting: NodeJS.Timeout | undefined
  let stopping = false
  async function start(): Promise<void> {
    const events: WorkerEvents = new EventEmitter()
    events.on('pool:create', ({ workerPool }) => {
      name = workerPool.id
    })
    let found = false
    events.on('worker:getJob:empty', () => {
      found = true
    })
    events.on('job:start', ({ job }) => {
      found = true
      running.add(job.id)
    })
    events.on('job:complete', ({ job }) => void running.delete(job.id))
    const begun = await runQueue(app, pool, { taskList, events, concurrency, schedules })
    runner = begun
    const over = (reason: unknown) => {
      if (runner === begun) ended(reason)
    }
    // The queue's own worker ends when it could not write down what became of a job.
    begun.promise.then(over, over)
    // When that happens to two jobs at once, the queue waits for itself for ever and its promise stays open.
    events.on('pool:gracefulShutdown', ({ message }) => void setTimeout(over, patienceMilliseconds, message).unref())
    // Which jobs it can run the queue asks once, and where that fails it keeps the failure: it would never find one.
    events.once('worker:getJob:error', () => {
      if (!found) void end(begun)
    })
    if (stopping) return await end(begun)
    try {
      await keepAlive()
    } catch (error) {
      // One that is not known to live must not go on beside the next.
      runner = undefined
      await end(begun)
      throw error
    }
  }
  const end = (begun: Runner) =>
    Promise.race([
      begun.stop().catch(error => app.log.warn({ err: error }, 'the job worker did not stop cleanly')),
      sleep(patienceMilliseconds, undefined, { ref: false }),
    ])
  function ended(reason: unknown): void {
    runner = undefined
    if (stopping || restarting !== undefined) return
    app.log.warn({ err: reason }, 'the job worker ended and is started again')
    restarting = setTimeout(() => {
      restarting = undefined
      if (!stopping) start().catch(ended)
    }, restartMilliseconds).unref()
  }
  async function close(): Promise<void> {
    stopping = true
    clearInterval(timer)
    if (runner !== undefined) await end(runner)
    await liveness.close()
    await pool.end()
  }

  const timer = setInterval(() => {
    keepAlive().catch(error => app.log.warn({ err: error }, 'could not look for jobs of workers that are gone'))
  }, livenessMilliseconds)
  timer.unref()
  try {
    await start()
  } catch (error) {
    await close()
    throw error
  }
  return { stop: close }
}

function runQueue(
  app: App,
  pgPool: pg.Pool,
  {
    schedules,
    ...options
  }: Pick<RunnerOptions, 'taskList' | 'events' | 'concurrency'> & {
    readonly schedules: readonly Schedule[]
  },
): Promise<Runner> {
  return run({
    ...options,
    pgPool,
    noHandleSignals: true,
    gracefulShutdownAbortTimeout: graceMilliseconds,
    parsedCronItems: parseCronItems(schedules.map(cronItem)),
    logger: loggerOf(app),
    // Without these two, the queue does not wait for its own notes of what became of a job, and one that fails (the
    // database is away) ends the process as an unhandled rejection. With them it ends the queue's worker, which is
    // started again.
    preset: { worker: { completeJobBatchDelay: 0, failJobBatchDelay: 0 } },
  })
}

function cronItem({ job, cron }: Schedule) {
  return {
    task: job.name,
    match: cron,
    identifier: job.name,
    options: {
      backfillPeriod: 24 * 3_600_000,
      maxAttempts: job.maxAttempts,
      jobKey: `schedule:${job.name}`, // a run still waiting is enough
      jobKeyMode: 'preserve_run_at' as const,
    },
  }
}

/** The queue's own messages: its news of single jobs repeat ours, so only its trouble is passed on. */
function loggerOf(app: App): Logger {
  return new Logger(scope => (level, message) => {
    if (level === 'error' && scope.jobId === undefined) app.log.warn({ from: 'graphile-worker' }, message)
    else app.log.debug({ from: 'graphile-worker', level }, message)
  })
}
