import type { Tx } from '../db/database.ts'

/** A job's name and payload; each module declares its own in its jobs.ts with {@link job}. */
export interface Job<Payload> {
  /** Dotted, e.g. `mail.send`. */
  readonly name: string
  readonly maxAttempts: number
  run(app: import('../context.ts').App, payload: Payload): Promise<void>
}

export interface EnqueueOptions {
  /** At most one waiting job has this key; a later one replaces it. */
  readonly key?: string
  readonly runAt?: Date
}

/** Adds a job in the caller's transaction: it exists if and only if the transaction commits. */
export type Enqueue = <P>(tx: Tx, job: Job<P>, payload: P, options?: EnqueueOptions) => Promise<void>
