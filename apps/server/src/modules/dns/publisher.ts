import { type DnsDriver, DriverError, publishedRecords, type Zone } from '@innkeeper/drivers'
import type { App } from '../../context.ts'
import type { Db } from '../../db/database.ts'
import { clearFailures, noteFailure } from './failure-store.ts'
import { createOutageWatch, type Outage, unansweredDelay } from './outage.ts'
import type { PublishMetrics } from './publish-metrics.ts'
import { loadZones, type PublishableZone } from './publish-store.ts'
import { soaFields } from './soa.ts'
import type { Waiting, WaitingZones } from './waiting.ts'

/** Gives waiting zones to one name server, one at a time. */
export interface Publisher {
  /** Publishes those whose turn it is, for about so long. */
  publishDue(db: Db, forMilliseconds: number): Promise<void>
  /** The version of a name that the server has from us, as `id:version`. */
  readonly published: Map<string, string>
  /** Names with a row in dns_publish_failure. */
  readonly failed: Set<string>
  /** Set while the server as a whole is not asked. */
  outage(): Outage | undefined
  stop(): void
}

/** Zones loaded by one query. */
const batch = 20
const refusedDelay = (attempts: number) => Math.min(1_000 * 2 ** Math.min(attempts, 10), 300_000)

export function createPublisher(
  app: App,
  driver: DnsDriver,
  waiting: WaitingZones,
  metrics: PublishMetrics,
): Publisher {
  const published = new Map<string, string>()
  const failed = new Set<string>()
  const watch = createOutageWatch()
  const startedAt = app.clock.now()
  let stopped = false

  const secondsSince = (at: Date) => (app.clock.now().getTime() - at.getTime()) / 1000

  async function noteDone(db: Db, { mark }: Waiting, zone: PublishableZone | undefined, started: number) {
    const now = performance.now()
    waiting.published(mark.name, now, now - started)
    published.set(mark.name, keyOf(zone ?? mark))
    watch.answered()
    // What changed before this process began says nothing of how fast it publishes.
    if (zone !== undefined && zone.changedAt >= startedAt) metrics.published(secondsSince(zone.changedAt))
    if (failed.delete(mark.name)) await clearFailures(db, driver.name, mark.name)
  }

  async function noteFailed(db: Db, { mark, attempts }: Waiting, zone: PublishableZone | undefined, error: unknown) {
    const kind = error instanceof DriverError ? error.kind : 'refused'
    const text = error instanceof Error ? error.message : String(error)
    const now = performance.now()
    const delay = kind === 'refused' ? refusedDelay(attempts) : unansweredDelay(attempts)
    waiting.failed(mark.name, text, now + delay)
    if (kind === 'refused') watch.answered()
    else watch.unanswered(text, app.clock.now(), now)
    app.log.warn({ err: error, zone: mark.name, server: driver.name, attempts: attempts + 1 }, 'zone not published')
    metrics.failed(kind)
    failed.add(mark.name)
    const { id: zoneId, version } = zone ?? mark
    const nextAttemptAt = new Date(app.clock.now().getTime() + delay)
    await noteFailure(db, { server: driver.name, zoneId, version, attempts: attempts + 1, error: text, nextAttemptAt })
  }

  return {
    published,
    failed,
    outage: watch.current,
    stop() {
      stopped = true
    },
    async publishDue(db, forMilliseconds) {
      const end = performance.now() + forMilliseconds
      while (!stopped && performance.now() < end) {
        if (watch.resting(performance.now())) return
        const due = waiting.due(performance.now(), batch)
        if (due.length === 0) return
        const zones = await loadZones(
          db,
          due.map(one => one.mark.name),
        )
        for (const one of due) {
          if (stopped || watch.resting(performance.now())) return
          const zone = zones.get(one.mark.name)
          const started = performance.now()
          try {
            if (zone === undefined) await driver.remove(one.mark.name)
            else await driver.publish(wanted(app, zone))
          } catch (error) {
            await noteFailed(db, one, zone, error)
            continue
          }
          await noteDone(db, one, zone, started)
        }
      }
    },
  }
}

/** What a mark or zone is compared by. */
export function keyOf({ id, version }: { readonly id: string; readonly version: string }): string {
  return `${id}:${version}`
}

function wanted(app: App, zone: PublishableZone): Zone {
  const { name, serial, records } = zone
  const { dns } = app.config
  return { ...soaFields(dns), name, serial, records: publishedRecords(name, records, dns.redirectAddresses) }
}
