import { namesAbove } from './names.ts'
import type { CustomerType, StoredRecord } from './types.ts'

export type ZoneEntry = StoredRecord & { readonly id: string }

/** What the rules of a zone ask. */
export interface ZoneView {
  readonly zone: string
  at(name: string): Iterable<ZoneEntry>
  has(name: string, type: CustomerType): boolean
  /** How many records below the name could not stay if it were delegated. */
  boundBelow(name: string): number
}

/** The records of a zone by id, by name and counted along the tree of names. */
export interface ZoneNames extends ZoneView {
  readonly byId: ReadonlyMap<string, ZoneEntry>
  /** Replaces the entry of the same id. */
  put(entry: ZoneEntry): void
  /** The entry that was there. */
  take(id: string): ZoneEntry | undefined
}

export function createZoneNames(zone: string, entries: Iterable<ZoneEntry>): ZoneNames {
  const byId = new Map<string, ZoneEntry>()
  const byName = new Map<string, Map<string, ZoneEntry>>()
  const bound = new Map<string, number>()

  function count(entry: ZoneEntry, by: 1 | -1): void {
    if (isGlue(entry)) return
    for (const name of namesAbove(zone, entry.name)) {
      const now = (bound.get(name) ?? 0) + by
      if (now === 0) bound.delete(name)
      else bound.set(name, now)
    }
  }

  const names: ZoneNames = {
    zone,
    byId,
    at: name => byName.get(name)?.values() ?? [],
    has(name, type) {
      for (const entry of names.at(name)) if (entry.type === type) return true
      return false
    },
    boundBelow: name => bound.get(name) ?? 0,
    put(entry) {
      names.take(entry.id)
      byId.set(entry.id, entry)
      const here = byName.get(entry.name) ?? new Map<string, ZoneEntry>()
      byName.set(entry.name, here.set(entry.id, entry))
      count(entry, 1)
    },
    take(id) {
      const entry = byId.get(id)
      if (entry === undefined) return undefined
      byId.delete(id)
      const here = byName.get(entry.name)
      here?.delete(id)
      if (here?.size === 0) byName.delete(entry.name)
      count(entry, -1)
      return entry
    },
  }
  for (const entry of entries) names.put(entry)
  return names
}

/** Only the addresses of name servers may be kept below a delegation (RFC 1034 §4.2.1). */
export function isGlue(record: StoredRecord): boolean {
  return (record.type === 'A' || record.type === 'AAAA') && !record.name.startsWith('*.')
}
