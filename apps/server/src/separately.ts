import type { Context } from './context.ts'
import type { Tx } from './db/database.ts'
import { isTransient } from './http/errors.ts'
import { requestTransaction } from './http/transaction.ts'
import { turnstile } from './http/turnstile.ts'

const attempts = 4

/**
 * A transaction of its own inside a use case that asks somebody else's system in between: it commits before the next
 * step, whatever becomes of the request. It must not wait for rows that the caller's own transaction has locked.
 */
export async function separately<C extends Context, T>(ctx: C, work: (ctx: C, tx: Tx) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await once(ctx, work)
    } catch (error) {
      if (!isTransient(error) || attempt === attempts) throw error
    }
  }
}

/** Does it and takes it back, so that a refusal comes before anything that cannot be taken back. */
export async function rehearse<C extends Context>(ctx: C, work: (ctx: C, tx: Tx) => Promise<unknown>): Promise<void> {
  try {
    await separately(ctx, async (apart, tx) => {
      await work(apart, tx)
      throw rehearsed
    })
  } catch (error) {
    if (error !== rehearsed) throw error
  }
}

const rehearsed = new Error('rehearsed')

async function once<C extends Context, T>(ctx: C, work: (ctx: C, tx: Tx) => Promise<T>): Promise<T> {
  const transaction = requestTransaction(ctx.db, turnstile(1))
  const apart = {
    ...ctx,
    log: ctx.log, // not a request's own property, so it is not spread
    setHeader: (name: string, value: string) => ctx.setHeader(name, value),
    begin: () => transaction.begin(),
    alone: () => transaction.alone(),
    afterCommit: (action: () => void) => transaction.afterCommit(action),
  }
  try {
    const result = await work(apart, await transaction.begin())
    await transaction.commit(error => ctx.log.error({ err: error }, 'after the commit'))
    return result
  } catch (error) {
    await transaction.rollback()
    throw error
  }
}
