import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyRequest } from 'fastify'
import type { App } from '../context.ts'
import { retryTransient } from '../db/carry-out.ts'
import { requestTransaction } from '../db/transaction.ts'
import type { Turnstile } from '../db/turnstile.ts'
import { Refusal } from '../refusal.ts'
import type { WriteAnswer } from './answer.ts'
import { AnsweredMeanwhile, claim, type KeyedRequest, keep, type SentAnswer } from './idempotency.ts'
import type { Implementation } from './implement.ts'
import { requestContext } from './request-context.ts'
import type { Caller } from './surface.ts'

/** A request that may be carried out: who, what, and how to write the answer. */
export interface Task {
  readonly app: App
  readonly gate: Turnstile
  readonly request: FastifyRequest
  readonly caller: Caller | undefined
  readonly input: Readonly<Record<string, unknown>>
  readonly handle: NonNullable<Implementation['handle']>
  readonly write: WriteAnswer
  readonly keyed: KeyedRequest | undefined
  /** It asks other systems, so its key holds no transaction meanwhile. */
  readonly apart: boolean
}

export interface Performed extends SentAnswer {
  /** The answer is an earlier one, sent again. */
  readonly replayed: boolean
}

/** So long a request waits for another one with its key to end, before the client is told to wait itself. */
const patienceMilliseconds = 6000
const pauses = { first: 20, longest: 500 } // milliseconds

/**
 * Carries a request out in one transaction. Nothing was sent and nothing is kept when PostgreSQL breaks a deadlock or
 * refuses to serialise, so the whole of it simply runs again. Also when the same key is in flight: so that equal requests
 * sent together are answered alike. Who waits holds no connection.
 */
export async function perform(task: Task): Promise<Performed> {
  const giveUpAt = performance.now() + patienceMilliseconds
  let pause = pauses.first
  for (;;) {
    try {
      return await retryTransient(
        () => performOnce(task),
        error => error instanceof AnsweredMeanwhile,
      )
    } catch (error) {
      if (!isInFlight(error) || performance.now() + pause >= giveUpAt) throw error
      // By chance a little more or less, or all that wait would come back at once.
      await sleep(pause * (0.5 + Math.random()))
      pause = Math.min(pause * 2, pauses.longest)
    }
  }
}

function isInFlight(error: unknown): boolean {
  return error instanceof Refusal && error.code === 'idempotency_in_flight'
}

async function performOnce(task: Task): Promise<Performed> {
  const { app, gate, request, caller, input, handle, write, keyed, apart } = task
  let transaction = requestTransaction(app.db, gate)
  const headers = new Map<string, string>()
  try {
    if (keyed !== undefined) {
      const earlier = await claim(app, await transaction.begin(), keyed)
      if (earlier !== undefined || apart) await transaction.rollback()
      if (earlier !== undefined) return { ...earlier, replayed: true }
      if (apart) transaction = requestTransaction(app.db, gate)
    }
    const answer = await handle(requestContext({ app, request, caller, transaction, keyed, headers }), input)
    // Written before the commit: an answer that cannot be written must not leave a change behind.
    const sent = { status: 200, headers: [...headers], body: write(answer) }
    if (keyed !== undefined) await keep(app, await transaction.begin(), keyed, sent)
    await transaction.commit(error => app.log.error({ err: error, requestId: request.id }, 'after the commit'))
    return { ...sent, replayed: false }
  } catch (error) {
    await transaction.rollback()
    throw error
  }
}
