import { type DnsDriver, DriverError, publishedRecords, type Zone } from '@innkeeper/drivers'
import type { App } from '../../context.ts'
import type { Db } from '../../db/database.ts'
import { clearFailures, noteFailure } from './failure-store.ts'
import { loadZones, type PublishableZone } from './publish-store.ts'
import { soaFields } from './soa.ts'
import type { Waiting, WaitingZones } from './waiting.ts'

/** What the metrics of the process hear of. */
export interface PublishObserver {
  /** `lagSeconds`: from the change to the answer of the name server. */
  published?(lagSeconds: number): void
  failed?(kind: DriverError['kind']): void
}

/** Gives waiting zones to one name server, one at a time. */
export interface Publisher {
  /** Publishes those whose turn it is, for about so long. */
  publishDue(db: Db, forMilliseconds: number): Promise<void>
  /** The version of a name that the server has from us, as `id:version`. */
  readonly published: Map<string, string>
  /** Names with a row in dns_publish_failure. */
  readonly failed: Set<string>
  /** Set while the server as a whole is not asked: since when it fails, why, and until when it is left alone. */
  outage(): Outage | undefined
  stop(): void
}

export interface Outage {
  readonly since: Date
  readonly error: string
  readonly until: number
}

/** Zones loaded by one query. */
const batch = 20
/** After so many zones in a row that the server did not answer for, it is the server and not the zones. */
const outageAfter = 3

const refusedDelay = (attempts: number) => Math.min(1_000 * 2 ** Math.min(attempts, 10), 300_000)
const unansweredDelay = (attempts: number) => Math.min(250 * 2 ** Math.min(attempts, 10), 5_000)

export function createPublisher(
  app: App,
  driver: DnsDriver,
  waiting: WaitingZones,
  observer: PublishObserver,
): Publisher {
  const published = new Map<string, string>()
  const failed = new Set<string>()
  let unanswered = 0
  let outage: Outage | undefined
  let stopped = false

  const resting = () => outage !== undefined && performance.now() < outage.until

  async function noteDone(db: Db, { mark }: Waiting, zone: PublishableZone | undefined, started: number) {
    const now = performance.now()
    waiting.published(mark.name, now, now - started)
    published.set(mark.name, keyOf(zone ?? mark))
    unanswered = 0
    outage = undefined
    if (zone !== undefined) observer.published?.((app.clock.now().getTime() - zone.changedAt.getTime()) / 1000)
    if (failed.delete(mark.name)) await clearFailures(db, driver.name, mark.name)
  }

  async function noteFailed(db: Db, { mark, attempts }: Waiting, zone: PublishableZone | undefined, error: unknown) {
    const kind = error instanceof DriverError ? error.kind : 'refused'
    const text = error instanceof Error ? error.message : String(error)
    const now = performance.now()
    const delay = kind === 'refused' ? refusedDelay(attempts) : unansweredDelay(attempts)
    waiting.failed(mark.name, text, now + delay)
    unanswered = kind === 'refused' ? 0 : unanswered + 1
    if (unanswered >= outageAfter) {
      const until = now + unansweredDelay(unanswered - outageAfter)
      outage = { since: outage?.since ?? app.clock.now(), error: text, until }
    }
    app.log.warn({ err: error, zone: mark.name, server: driver.name, attempts: attempts + 1 }, 'zone not published')
    observer.failed?.(kind)
    failed.add(mark.name)
    const { id: zoneId, version } = zone ?? mark
    const nextAttemptAt = new Date(app.clock.now().getTime() + delay)
    await noteFailure(db, { server: driver.name, zoneId, version, attempts: attempts + 1, error: text, nextAttemptAt })
  }

  return {
    published,
    failed,
    outage: () => outage,
    stop() {
      stopped = true
    },
    async publishDue(db, forMilliseconds) {
      const end = performance.now() + forMilliseconds
      while (!stopped && performance.now() < end) {
        if (resting()) return
        const due = waiting.due(performance.now(), batch)
        if (due.length === 0) return
        const zones = await loadZones(
          db,
          due.map(one => one.mark.name),
        )
        for (const one of due) {
          if (stopped || resting()) return
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
