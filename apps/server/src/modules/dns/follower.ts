import type { DnsDriver } from '@innkeeper/drivers'
import type { App } from '../../context.ts'
import { whileLeading } from '../../db/leadership.ts'
import { type Following, follow } from './follow.ts'
import { createPause } from './pause.ts'
import { publishMetrics } from './publish-metrics.ts'
import { createPublisher } from './publisher.ts'
import { createSettling } from './settling.ts'
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

/** Keeps a name server at what the table of zones says (docs/decisions/0002). */
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

/** Between tries of a node that stands by, and after a failure to read the table or to list the server. */
const retryMilliseconds = 1_000

export async function createFollower(app: App, driver: DnsDriver, options: FollowerOptions): Promise<Follower> {
  const parts = followerParts(app, driver)
  const { pause, publisher, settling } = parts
  let state: FollowerStatus['state'] = 'starting'
  let error: string | undefined

  function begun(): void {
    state = 'following'
    error = undefined
  }
  async function standBy(): Promise<boolean> {
    state = 'standby'
    settling.stuck()
    await pause.inFull(retryMilliseconds)
    return !pause.ended
  }
  async function run(): Promise<void> {
    while (!pause.ended) {
      try {
        if (!options.exclusive) await follow(parts, app.db, begun)
        else await whileLeading(app, `dns.publish.${driver.name}`, standBy, session => follow(parts, session, begun))
      } catch (failure) {
        state = 'starting'
        error = failure instanceof Error ? failure.message : String(failure)
        settling.stuck()
        app.log.warn({ err: failure, server: driver.name }, 'dns follower starts again')
        await pause.inFull(retryMilliseconds)
      }
    }
  }
  function wait(triesAreEnough: boolean): Promise<void> {
    const settled = settling.wait(triesAreEnough)
    pause.wake()
    return settled
  }

  await app.notifications.listen('dns', pause.wake)
  app.notifications.onGap(pause.wake)
  const running = run()
  return {
    settled: () => wait(false),
    tried: () => wait(true),
    status: () => statusOf(parts, pause.ended ? 'stopped' : state, error),
    async close() {
      pause.end()
      publisher.stop()
      await running
      settling.end()
    },
  }
}

function followerParts(app: App, driver: DnsDriver): Following {
  const waiting = createWaitingZones()
  const metrics = publishMetrics(app.metrics.registry, driver.name, () => waiting.size)
  const publisher = createPublisher(app, driver, waiting, metrics)
  return { app, driver, waiting, publisher, settling: createSettling(), pause: createPause() }
}

function statusOf(
  { driver, publisher, waiting }: Following,
  state: FollowerStatus['state'],
  error: string | undefined,
): FollowerStatus {
  const now = performance.now()
  const outage = publisher.outage()
  return {
    server: driver.name,
    state,
    ...(error === undefined ? {} : { error }),
    ...(outage === undefined ? {} : { outage: { since: outage.since, error: outage.error } }),
    waiting: [...waiting.entries()].map(({ mark, since, attempts, error }) => {
      return { name: mark.name, seconds: (now - since) / 1000, attempts, ...(error === undefined ? {} : { error }) }
    }),
  }
}
