import { setTimeout as sleep } from 'node:timers/promises'
import type { Db } from './database.ts'
import { isTransient } from './errors.ts'
import { type RequestTransaction, requestTransaction } from './transaction.ts'
import { turnstile } from './turnstile.ts'

const attempts = 4

/**
 * Does something again whose transaction PostgreSQL ended to break a deadlock, or because it could not serialise it: of it
 * nothing was kept. Numbers of documents, stock and codes are rows of all accounts, which not all use cases can lock in one
 * order. `also`: what else may well succeed the next time.
 */
export async function retryTransient<T>(work: () => Promise<T>, also?: (error: unknown) => boolean): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work()
    } catch (error) {
      if (attempt === attempts || !(isTransient(error) || also?.(error) === true)) throw error
      // Whoever we stood in the way of is to be first now: at once, we might take the same rows before they wake up.
      await sleep(attempt * (10 + Math.random() * 40))
    }
  }
}

/** One transaction that is committed when `work` is done; `onError` hears of actions after the commit that throw. */
export async function carryOut<T>(
  db: Db,
  onError: (error: unknown) => void,
  work: (transaction: RequestTransaction) => Promise<T>,
): Promise<T> {
  return await retryTransient(async () => {
    const transaction = requestTransaction(db, turnstile(1))
    try {
      const result = await work(transaction)
      await transaction.commit(onError)
      return result
    } catch (error) {
      await transaction.rollback()
      throw error
    }
  })
}
