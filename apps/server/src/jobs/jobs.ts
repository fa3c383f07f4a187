import type { FastifyBaseLogger } from 'fastify'
import type { Static, TObject } from 'typebox'
import { Compile } from 'typebox/compile'
import type { App } from '../context.ts'
import { runSql, type Tx } from '../db/database.ts'

/** What a running job is told besides its payload. */
export interface JobRun {
  readonly id: string
  /** 1 for the first attempt. */
  readonly attempt: number
  /** Carries the job's id and name. */
  readonly log: FastifyBaseLogger
  /** Aborted when the worker stops and the job has had its time; it will be run again later. */
  readonly signal: AbortSignal
}

/** A kind of work done later, outside the request; each module declares its own in its jobs.ts with {@link job}. */
export interface Job<Payload> {
  /** Dotted, e.g. `mail.send`. */
  readonly name: string
  readonly maxAttempts: number
  /** The payload cut to what the job declares; throws {@link BadPayload}. */
  parse(payload: unknown): Payload
  /** May run twice, late, and beside itself: it brings about what the tables say now. */
  run(app: App, payload: Payload, run: JobRun): Promise<void>
}

/** A payload of the wrong form: it will not get better, so the job is given up at once. */
export class BadPayload extends Error {
  override readonly name = 'BadPayload'
}

export interface JobDeclaration<T extends TObject> {
  readonly name: string
  readonly payload: T
  /** Attempts are e^n seconds apart (at most 6 hours): 12 last about a day. */
  readonly maxAttempts?: number
  run(app: App, payload: Static<T>, run: JobRun): Promise<void>
}

/** Declares a job. */
export function job<T extends TObject>({ name, payload, maxAttempts = 12, run }: JobDeclaration<T>): Job<Static<T>> {
  const validator = Compile(payload)
  return {
    name,
    maxAttempts,
    run,
    parse(input) {
      const cut = validator.Clean(structuredClone(input))
      if (validator.Check(cut)) return cut
      const problems = validator.Errors(cut).map(problem => `${problem.instancePath || '/'} ${problem.message}`)
      throw new BadPayload(`the payload of ${name} is wrong: ${problems.join(', ')}`)
    },
  }
}

export interface EnqueueOptions {
  /** At most one waiting job has this key; a later one replaces it. */
  readonly key?: string
  readonly runAt?: Date
}

/** Adds a job in the caller's transaction: it exists if and only if the transaction commits. One round trip. */
export async function enqueue<P>(tx: Tx, job: Job<P>, payload: P, options: EnqueueOptions = {}): Promise<void> {
  await runSql(
    tx,
    `select 1 from graphile_worker.add_job($1::text, $2::json, run_at => $3::timestamptz, max_attempts => $4::int,
     job_key => $5::text)`,
    [
      job.name,
      JSON.stringify(job.parse(payload)),
      options.runAt ?? null,
      job.maxAttempts,
      // Keys are unique over all jobs, so each job's are kept apart.
      options.key === undefined ? null : `${job.name}:${options.key}`,
    ],
  )
}
