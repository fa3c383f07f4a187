import { randomUUID } from 'node:crypto'
import type { App, Context } from './context.ts'
import { carryOut } from './db/carry-out.ts'

/**
 * Carries a use case out for the operator, outside HTTP: one transaction, committed when `work` is done. A deadlock makes it
 * run again.
 */
export function asOperator<T>(app: App, work: (ctx: Context) => Promise<T>): Promise<T> {
  return carryOutAs(app, 'operator', work)
}

/** The same for what nobody asked for: jobs and sweeps. */
export function asSystem<T>(app: App, work: (ctx: Context) => Promise<T>): Promise<T> {
  return carryOutAs(app, 'system', work)
}

async function carryOutAs<T>(app: App, name: string, work: (ctx: Context) => Promise<T>): Promise<T> {
  const onError = (error: unknown) => app.log.error({ err: error }, 'after the commit')
  return await carryOut(app.db, onError, transaction =>
    work({
      ...app,
      requestId: randomUUID(),
      by: { name },
      address: '',
      userAgent: '',
      dialect: app.config.dialect,
      profile: app.config.profile,
      begin: () => transaction.begin(),
      alone: () => transaction.alone(),
      afterCommit: action => transaction.afterCommit(action),
      setHeader: () => {},
    }),
  )
}
