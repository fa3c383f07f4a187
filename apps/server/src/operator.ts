import { randomUUID } from 'node:crypto'
import type { App, Context } from './context.ts'
import { requestTransaction } from './http/transaction.ts'
import { turnstile } from './http/turnstile.ts'

/** Carries a use case out for the operator, outside HTTP: one transaction, committed when `work` is done. */
export function asOperator<T>(app: App, work: (ctx: Context) => Promise<T>): Promise<T> {
  return carryOut(app, 'operator', work)
}

/** The same for what nobody asked for: jobs and sweeps. */
export function asSystem<T>(app: App, work: (ctx: Context) => Promise<T>): Promise<T> {
  return carryOut(app, 'system', work)
}

async function carryOut<T>(app: App, name: string, work: (ctx: Context) => Promise<T>): Promise<T> {
  const transaction = requestTransaction(app.db, turnstile(1))
  const ctx: Context = {
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
  }
  try {
    const result = await work(ctx)
    await transaction.commit(error => app.log.error({ err: error }, 'after the commit'))
    return result
  } catch (error) {
    await transaction.rollback()
    throw error
  }
}
