import type { StoredRecord } from '@innkeeper/drivers'

/** Where a request points: every look-up holds all three together, so a zone under another account or service is none. */
export interface ZonePath {
  readonly accountId: string
  readonly serviceId: string
  readonly zoneId: string
}

/** A record with its id, as lists show it. */
export interface ListedRecord extends StoredRecord {
  readonly id: string
  /** Unix seconds, as text. */
  readonly changedAt: string
}

/** A zone as it was at one moment, records and version of the same. */
export interface ZoneSnapshot {
  readonly id: string
  readonly serviceId: string
  readonly name: string
  readonly version: string
  readonly serial: number
  readonly soaId: string
  /** Unix seconds, as text. */
  readonly changedAt: string
  readonly records: readonly ListedRecord[]
  /** How many records there are; more than `records` when a page was asked for. */
  readonly recordCount: number
}

/** A zone this transaction holds the lock of: its version and serial have been raised for the change that follows. */
export interface LockedZone extends ZonePath {
  readonly name: string
  readonly versionBefore: string
  readonly version: string
  readonly soaId: string
  readonly serviceStatus: string
}

/** `"12"`: the version as HTTP writes it (RFC 9110 §8.8.3). */
export function etagOf(version: string): string {
  return `"${version}"`
}

/**
 * The versions an If-Match names: undefined for any. What is not a version of ours (a weak tag, another server's)
 * matches none, so the change is refused as RFC 9110 §13.1.1 wants.
 */
export function wantedVersions(ifMatch: string | undefined): readonly string[] | undefined {
  if (ifMatch === undefined || ifMatch.trim() === '*') return undefined
  return ifMatch.split(',').flatMap(tag => /^"?([1-9]\d{0,17})"?$/.exec(tag.trim())?.[1] ?? [])
}

/**
 * The serial a zone starts with: the date and 00 (RFC 1912 §2.2), from which each change counts on by one. A zone that
 * moves here from a server that numbers by date so starts no lower than its last serial there, and one that was
 * deleted here starts above its `last` one: otherwise its secondaries would keep the old zone.
 */
export function firstSerial(now: Date, last: number | undefined): number {
  const today = Number(now.toISOString().slice(0, 10).replaceAll('-', '')) * 100
  return last !== undefined && last >= today && last < 4_294_967_295 ? last + 1 : today
}
