import { Counter, Gauge, type Registry } from 'prom-client'
import type { App } from './context.ts'
import { isDatabaseUnavailable } from './db/errors.ts'

/** One thing that the clock makes due: an account to renew, an invoice to remind of. */
export interface Item {
  /** For people and logs: `account 7`. */
  readonly name: string
}

/** Work that the business clock brings about. It may run on several nodes at once, late, and again after a crash. */
export interface Sweep<T extends Item = Item> {
  readonly name: string
  /**
   * What is due after the place that the last batch ended at, in an order that does not change; few enough to be held in
   * memory. Only a list of candidates: {@link Sweep.carryOut} looks again, under a lock.
   */
  next(app: App, after: T | undefined): Promise<readonly T[]>
  /** Carries one out, in a transaction of its own. What somebody else does at this moment, it leaves alone. */
  carryOut(app: App, item: T): Promise<void>
}

/** Items that a list has at most. */
export const batchSize = 500

/** Items that are worked on at the same time; each holds a connection, of which requests need some too. */
const width = 4

/**
 * Runs a sweep to its end. An item that fails is logged and stops no other; then the whole fails, so that somebody sees
 * it, and what is left is done next time. Once `signal` is aborted no other is begun, and it throws.
 */
export async function runSweep<T extends Item>(app: App, sweep: Sweep<T>, signal?: AbortSignal): Promise<number> {
  const { items } = metricsOf(app.metrics.registry)
  const failures: string[] = []
  let done = 0
  for (let batch = await sweep.next(app, undefined); batch.length > 0; batch = await sweep.next(app, batch.at(-1))) {
    const waiting = batch.values()
    const work = async () => {
      for (const item of waiting) {
        signal?.throwIfAborted()
        const failure = await attempt(app, sweep, item)
        if (failure === undefined) done++
        else failures.push(failure)
      }
    }
    await Promise.all(Array.from({ length: Math.min(width, app.config.databasePoolSize - 1) }, work))
  }
  items.inc({ sweep: sweep.name, result: 'done' }, done)
  items.inc({ sweep: sweep.name, result: 'failed' }, failures.length)
  if (failures.length > 0) throw new Error(`${sweep.name}: ${failures.length} failed, ${done} did not; ${failures[0]}`)
  noteSuccess(app, sweep.name)
  return done
}

/** For the sweeps of other modules, too: an operator watches that each goes on. */
export function noteSuccess(app: App, sweep: string): void {
  metricsOf(app.metrics.registry).lastSuccess.set({ sweep }, app.clock.now().getTime() / 1000)
}

async function attempt<T extends Item>(app: App, sweep: Sweep<T>, item: T): Promise<string | undefined> {
  try {
    await sweep.carryOut(app, item)
    return undefined
  } catch (error) {
    if (isDatabaseUnavailable(error)) throw error // the others would fail too
    app.log.error({ err: error, sweep: sweep.name, item: item.name }, 'an item of a sweep failed')
    return `${item.name}: ${error instanceof Error ? error.message : String(error)}`
  }
}

interface SweepMetrics {
  readonly lastSuccess: Gauge<'sweep'>
  readonly items: Counter<'sweep' | 'result'>
}
const known = new WeakMap<Registry, SweepMetrics>()

function metricsOf(registry: Registry): SweepMetrics {
  const found = known.get(registry)
  if (found !== undefined) return found
  const made = {
    lastSuccess: new Gauge({
      name: 'innkeeper_sweep_last_success_seconds',
      help: 'When a sweep last ended without a failure, in Unix time; alert when the newest of all nodes is hours old',
      labelNames: ['sweep'] as const,
      registers: [registry],
    }),
    items: new Counter({
      name: 'innkeeper_sweep_items_total',
      help: 'Accounts, invoices and services that a sweep worked on',
      labelNames: ['sweep', 'result'] as const,
      registers: [registry],
    }),
  }
  known.set(registry, made)
  return made
}
