import type { Context } from './context.ts'
import { carryOut } from './db/carry-out.ts'
import type { Tx } from './db/database.ts'

/**
 * A transaction of its own inside a use case that asks somebody else's system in between: it commits before the next
 * step, whatever becomes of the request. It must not wait for rows that the caller's own transaction has locked.
 */
export async function separately<C extends Context, T>(ctx: C, work: (ctx: C, tx: Tx) => Promise<T>): Promise<T> {
  const onError = (error: unknown) => ctx.log.error({ err: error }, 'after the commit')
  return await carryOut(ctx.db, onError, async transaction => {
    const apart = {
      ...ctx,
      log: ctx.log, // not a request's own property, so it is not spread
      setHeader: (name: string, value: string) => ctx.setHeader(name, value),
      begin: () => transaction.begin(),
      alone: () => transaction.alone(),
      afterCommit: (action: () => void) => transaction.afterCommit(action),
    }
    return await work(apart, await transaction.begin())
  })
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
