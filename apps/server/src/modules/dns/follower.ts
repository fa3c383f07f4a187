import type { DnsDriver } from '@innkeeper/drivers'
import type { App } from '../../context.ts'
import type { Db } from '../../db/database.ts'
import { whileLeading } from './leadership.ts'
import { createPause } from './pause.ts'
import { publishMetrics } from './publish-metrics.ts'
import { changedSince, cursorNow, mendFutureChanges, purgeDeletedZones } from './publish-store.ts'
import { createPublisher, keyOf } from './publisher.ts'
import { adoptFailures, differences } from './reconcile.ts'
import { createWaitingZones } from './waiting.ts'

export interface FollowerOptions {
  /** One node at a time publishes: for a server that all nodes share. */
  readonly exclusive: boolean
}

export interface FollowerStatus {
  readonly server: string
  /** `standby`: another node publishes. */
  readonly state: 'starting' | 'standby' | 'following' | 'stopped'
  /** Why it could not read the table or the server at all, last time it tried. */
  readonly error?: string
  /** Set while the server answers for no zone. */
  readonly outage?: { readonly since: Date; readonly error: string }
  readonly waiting: readonly {
    readonly name: string
    readonly seconds: number
    readonly attempts: number
    readonly error?: string
  }[]
}

/** Keeps a name server at what the table of zones says (docs/decisions). */
export interface Follower {
  /** Resolves once all that was committed before the call is published. Rejects if the follower is closed first. */
  settled(): Promise<void>
  /**
   * Resolves once all that was committed before the call was tried: published, or failed and waiting for its next turn;
   * or once it turned out that this cannot be now (the server is down, another node publishes). For readiness.
   */
  tried(): Promise<void>
  status(): FollowerStatus
  /** Resolves when the publishing under way has ended. */
  close(): Promise<void>
}

interface Waiter {
  /** Only a read after this one knows all that was committed before the waiter came. */
  readonly after: number
  readonly triesAreEnough: boolean
  resolve(): void
  reject(error: Error): void
}

const milliseconds = {
  /** How soon a change is found when its notification is lost. */
  poll: 500,
  /** How long zones are published before the table is read again, so that those who wait longest stay first. */
  turn: 100,
  standby: 1_000,
  /** After a failure to read the table or to list the server. */
  retry: 1_000,
  /** The server is compared with the whole table so often, and once this soon after another node may have led. */
  compare: 300_000,
  firstCompare: 15_000,
}
const keepDeletedMilliseconds = 30 * 86_400_000

export async function createFollower(app: App, driver: DnsDriver, options: FollowerOptions): Promise<Follower> {
  const waiting = createWaitingZones()
  const publisher = createPublisher(
    app,
    driver,
    waiting,
    publishMetrics(app.metrics.registry, driver.name, () => waiting.size),
  )
  const pause = createPause()
  const waiters = new Set<Waiter>()
  let state: FollowerStatus['state'] = 'starting'
  let error: string | undefined
  let reads = 0

  async function compare(db: Db): Promise<void> {
    for (const mark of await differences(db, driver)) waiting.add(mark, performance.now())
  }

  async function read(db: Db, since: string): Promise<string> {
    reads += 1
    const { cursor, marks } = await changedSince(db, since)
    const names = new Set(marks.map(mark => mark.name))
    for (const name of publisher.published.keys()) if (!names.has(name)) publisher.published.delete(name)
    const now = performance.now()
    for (const mark of marks) if (publisher.published.get(mark.name) !== keyOf(mark)) waiting.add(mark, now)
    return cursor
  }

  async function follow(db: Db): Promise<void> {
    await mendFutureChanges(db)
    await purgeDeletedZones(db, new Date(app.clock.now().getTime() - keepDeletedMilliseconds))
    let cursor = await cursorNow(db)
    await compare(db)
    const names = new Set([...waiting.entries()].map(({ mark }) => mark.name))
    await adoptFailures(db, driver.name, publisher, name => names.has(name))
    state = 'following'
    error = undefined
    let nextCompare = performance.now() + milliseconds.firstCompare
    while (!pause.ended) {
      if (performance.now() >= nextCompare) {
        await compare(db)
        nextCompare = performance.now() + milliseconds.compare
      }
      cursor = await read(db, cursor)
      await publisher.publishDue(db, milliseconds.turn)
      settle()
      await pause.forAtMost(idleMilliseconds())
    }
  }

  function resolveWaiters(now: (waiter: Waiter) => boolean): void {
    for (const waiter of [...waiters].filter(now)) {
      waiters.delete(waiter)
      waiter.resolve()
    }
  }

  function settle(): void {
    const allTried = publisher.outage() !== undefined || [...waiting.entries()].every(one => one.attempts > 0)
    resolveWaiters(one => one.after < reads && (waiting.size === 0 || (one.triesAreEnough && allTried)))
  }

  function wait(triesAreEnough: boolean): Promise<void> {
    if (pause.ended) return Promise.reject(new Error('the follower is closed'))
    pause.wake()
    return new Promise((resolve, reject) => waiters.add({ after: reads, triesAreEnough, resolve, reject }))
  }

  function idleMilliseconds(): number {
    const now = performance.now()
    const due = Math.max(waiting.nextDue(now) ?? Number.POSITIVE_INFINITY, publisher.outage()?.until ?? 0)
    return Math.min(Math.max(due - now, 0), milliseconds.poll)
  }

  async function standBy(): Promise<boolean> {
    state = 'standby'
    resolveWaiters(one => one.triesAreEnough)
    await pause.inFull(milliseconds.standby)
    return !pause.ended
  }

  async function run(): Promise<void> {
    while (!pause.ended) {
      try {
        if (options.exclusive) await whileLeading(app, `dns.publish.${driver.name}`, standBy, follow)
        else await follow(app.db)
      } catch (failure) {
        state = 'starting'
        resolveWaiters(one => one.triesAreEnough)
        error = failure instanceof Error ? failure.message : String(failure)
        app.log.warn({ err: failure, server: driver.name }, 'dns follower starts again')
        await pause.inFull(milliseconds.retry)
      }
    }
  }

  await app.notifications.listen('dns', pause.wake)
  app.notifications.onGap(pause.wake)
  const running = run()

  return {
    settled: () => wait(false),
    tried: () => wait(true),
    status() {
      const now = performance.now()
      const outage = publisher.outage()
      return {
        server: driver.name,
        state: pause.ended ? 'stopped' : state,
        ...(error === undefined ? {} : { error }),
        ...(outage === undefined ? {} : { outage: { since: outage.since, error: outage.error } }),
        waiting: [...waiting.entries()].map(({ mark, since, attempts, error }) => {
          return { name: mark.name, seconds: (now - since) / 1000, attempts, ...(error === undefined ? {} : { error }) }
        }),
      }
    },
    async close() {
      pause.end()
      publisher.stop()
      await running
      for (const waiter of waiters) waiter.reject(new Error('the follower is closed'))
    },
  }
}
