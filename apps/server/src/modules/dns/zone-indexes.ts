import type { ZoneChange, ZoneIndex } from '@innkeeper/drivers'
import type { LockedZone } from './zone.ts'

/**
 * The indexes of zones changed lately, so that a change to a zone of thousands of records does not read them all. Only
 * who holds the zone's row lock asks, with the version the row had; an index of another version is not used, so what
 * other nodes change is never missed.
 */
export interface ZoneIndexes {
  /** The index of the zone as it was before the change; from `load` where none is kept. */
  before(zone: LockedZone, load: () => Promise<ZoneIndex>): Promise<ZoneIndex>
  /** Once the change is committed: the index is the zone's at its new version. */
  committed(zone: LockedZone, index: ZoneIndex, change: ZoneChange): void
  /**
   * The index of the zone at the version it is believed to have, for a change that names that version. Undefined where
   * none is kept, or a change of it is under way. Whoever gets one says what became of it by `settled`.
   */
  expected(zoneId: string): ExpectedZone | undefined
  /** The change was made, at exactly the expected version; or, without one, it was not. */
  settled(expected: ExpectedZone, change?: ZoneChange): void
  forget(zoneId: string): void
}

/** A zone as it is if nobody else has changed it. */
export interface ExpectedZone {
  readonly zoneId: string
  readonly name: string
  readonly index: ZoneIndex
  readonly version: string
  readonly versionAfter: string
}

interface Kept {
  readonly index: ZoneIndex
  readonly version: string
  readonly records: number
  /** Resolves when the change that a transaction of this process is committing is in the index. */
  next?: { version: string; arrived: Promise<void>; arrive: () => void } | undefined
}

/** How long the news of a commit of this process may be behind the row lock it gave free. */
const commitNewsMilliseconds = 20

/** Keeps indexes with at most `capacity` records in all; the least recently used go first. */
export function createZoneIndexes(capacity = 100_000): ZoneIndexes {
  const kept = new Map<string, Kept>()
  let records = 0

  function forget(zoneId: string): void {
    const entry = kept.get(zoneId)
    if (entry === undefined) return
    records -= entry.records
    kept.delete(zoneId)
  }

  function keep(zoneId: string, index: ZoneIndex, version: string): void {
    forget(zoneId)
    if (index.size > capacity) return
    kept.set(zoneId, { index, version, records: index.size })
    records += index.size
    for (const oldest of kept.keys()) {
      if (records <= capacity) break
      forget(oldest)
    }
  }

  return {
    async before(zone, load) {
      const next = kept.get(zone.zoneId)?.next
      // The writer before us gave the lock free a moment before it hears that it has committed.
      if (next?.version === zone.versionBefore) await within(commitNewsMilliseconds, next.arrived)
      const entry = kept.get(zone.zoneId)
      const index = entry?.version === zone.versionBefore ? entry.index : await load()
      keep(zone.zoneId, index, zone.versionBefore)
      announce(kept.get(zone.zoneId), zone.version)
      return index
    },
    committed(zone, index, change) {
      index.apply(change)
      const arrive = kept.get(zone.zoneId)?.next?.arrive
      keep(zone.zoneId, index, zone.version)
      arrive?.()
    },
    expected(zoneId) {
      const entry = kept.get(zoneId)
      if (entry === undefined || entry.next !== undefined) return undefined
      const versionAfter = String(BigInt(entry.version) + 1n)
      announce(entry, versionAfter)
      return { zoneId, name: entry.index.zone, index: entry.index, version: entry.version, versionAfter }
    },
    settled({ zoneId, index, version, versionAfter }, change) {
      const entry = kept.get(zoneId)
      // Another change of this process may have read the zone anew meanwhile; then that index is the one to keep.
      if (entry?.index !== index || entry.version !== version) return
      const arrive = entry.next?.arrive
      entry.next = undefined
      if (change !== undefined) {
        index.apply(change)
        keep(zoneId, index, versionAfter)
      }
      arrive?.()
    },
    forget,
  }
}

/** Notes that a transaction of this process is about to make the version. */
function announce(entry: Kept | undefined, version: string): void {
  if (entry === undefined) return
  let arrive = () => {}
  const arrived = new Promise<void>(resolve => {
    arrive = resolve
  })
  entry.next = { version, arrived, arrive }
}

async function within(milliseconds: number, event: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const timeout = new Promise<void>(resolve => {
    timer = setTimeout(resolve, milliseconds)
  })
  await Promise.race([event, timeout])
  clearTimeout(timer)
}
