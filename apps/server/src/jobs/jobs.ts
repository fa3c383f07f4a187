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

/** What is known of a job by those who enqueue it. */
export interface JobKind<Payload> {
  /** Dotted, e.g. `mail.send`. */
  readonly name: string
  readonly maxAttempts: number
  /** The payload cut to what the job declares; throws {@link GiveUp}. */
  parse(payload: unknown): Payload
}

/** A kind of work done later, outside the request; each module declares its own in its jobs.ts with {@link job}. */
export interface Job<Payload> extends JobKind<Payload> {
  /** May run twice, late, and beside itself: it brings about what the tables say now. */
  run(app: App, payload: Payload, run: JobRun): Promise<void>
}

/** Thrown by a job that no further attempt can help: it is dead at once. */
export class GiveUp extends Error {
  override readonly name = 'GiveUp'
}

export interface JobKindDeclaration<T extends TObject> {
  readonly name: string
  readonly payload: T
  /** Attempts are e^n seconds apart (at most 6 hours): 12 last about a day. */
  readonly maxAttempts?: number
}
export interface JobDeclaration<T extends TObject> extends JobKindDeclaration<T> {
  run: Job<Static<T>>['run']
}

/** Declares a job. */
export function job<T extends TObject>({ run, ...kind }: JobDeclaration<T>): Job<Static<T>> {
  return { ...jobKind(kind), run }
}

/** Declares a job apart from what runs it: for one that needs what only the worker has. */
export function jobKind<T extends TObject>({
  name,
  payload,
  maxAttempts = 12,
}: JobKindDeclaration<T>): JobKind<Static<T>> {
  const validator = Compile(payload)
  return {
    name,
    maxAttempts,
    parse(input) {
      const cut = validator.Clean(structuredClone(input))
      if (validator.Check(cut)) return cut
      const problems = validator.Errors(cut).map(problem => `${problem.instancePath || '/'} ${problem.message}`)
      throw new GiveUp(`the payload of ${name} is wrong: ${problems.join(', ')}`)
    },
  }
}

export interface EnqueueOptions {
  /** At most one waiting job has this key; a later one replaces it. */
  readonly key?: string
  readonly runAt?: Date
}

/** Adds a job in the caller's transaction: it exists if and only if the transaction commits. One round trip. */
export async function enqueue<P>(tx: Tx, job: JobKind<P>, payload: P, options: EnqueueOptions = {}): Promise<void> {
  await enqueueAll(tx, job, [{ ...options, payload }])
}

const addText = `
select 1 from jsonb_to_recordset($3::jsonb) as given (payload json, run_at timestamptz, job_key text),
  lateral graphile_worker.add_job($1::text, payload, run_at => given.run_at, max_attempts => $2::int, job_key => given.job_key)`

/** The same of several jobs of a kind, in one round trip too. */
export async function enqueueAll<P>(
  tx: Tx,
  job: JobKind<P>,
  jobs: readonly (EnqueueOptions & { readonly payload: P })[],
): Promise<void> {
  const rows = jobs.map(({ payload, runAt, key }) => ({
    payload: job.parse(payload),
    run_at: runAt ?? null,
    // Keys are unique over all jobs, so each job's are kept apart.
    job_key: key === undefined ? null : `${job.name}:${key}`,
  }))
  await runSql(tx, addText, [job.name, job.maxAttempts, JSON.stringify(rows)])
}
