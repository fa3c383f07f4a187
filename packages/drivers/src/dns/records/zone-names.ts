import { namesAbove } from './names.ts'
import type { CustomerType, StoredRecord } from './types.ts'

/** A stored record with its id, as changes of a zone name records. */
export type ZoneEntry = StoredRecord & { readonly id: string }

/** What goes out of a zone and what comes in, at once. An update removes and adds, the same id or another. */
export interface ZoneChange {
  /** Ids; unknown ones are passed over. */
  readonly remove?: readonly string[]
  /** A record with the id of one that is there replaces it. */
  readonly add?: readonly ZoneEntry[]
}

/** What the rules of a zone ask. */
export interface ZoneView {
  readonly zone: string
  at(name: string): readonly ZoneEntry[]
  /** How many records below the name could not stay if it were delegated. */
  boundBelow(name: string): number
}

/** The records of a zone by id, by name and counted along the tree of names. */
export interface ZoneNames extends ZoneView {
  readonly byId: ReadonlyMap<string, ZoneEntry>
  /** Replaces the entry of the same id. */
  put(entry: ZoneEntry): void
  take(id: string): void
}

/** Sorts the records of a zone by id and name. */
export function createZoneNames(zone: string, entries: Iterable<ZoneEntry>): ZoneNames {
  const byId = new Map<string, ZoneEntry>()
  const byName = new Map<string, ZoneEntry[]>()
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
    at: name => byName.get(name) ?? [],
    boundBelow: name => bound.get(name) ?? 0,
    put(entry) {
      names.take(entry.id)
      byId.set(entry.id, entry)
      const here = byName.get(entry.name)
      if (here === undefined) byName.set(entry.name, [entry])
      else here.push(entry)
      count(entry, 1)
    },
    take(id) {
      const entry = byId.get(id)
      if (entry === undefined) return
      byId.delete(id)
      const left = names.at(entry.name).filter(other => other.id !== id)
      if (left.length === 0) byName.delete(entry.name)
      else byName.set(entry.name, left)
      count(entry, -1)
    },
  }
  for (const entry of entries) names.put(entry)
  return names
}

/** The zone as it would be after the change, which is not made. */
export function withChange(names: ZoneNames, { remove = [], add = [] }: ZoneChange): ZoneView {
  const came = new Map(add.map(entry => [entry.id, entry]))
  const gone = new Set([...remove, ...came.keys()])
  const cameAt = new Map<string, ZoneEntry[]>()
  for (const entry of came.values()) cameAt.set(entry.name, [...(cameAt.get(entry.name) ?? []), entry])
  const isBoundBelow = (entry: ZoneEntry | undefined, name: string) =>
    entry !== undefined && !isGlue(entry) && entry.name.endsWith(`.${name}`)
  return {
    zone: names.zone,
    at: name => [...names.at(name).filter(entry => !gone.has(entry.id)), ...(cameAt.get(name) ?? [])],
    boundBelow(name) {
      let bound = names.boundBelow(name)
      for (const id of gone) if (isBoundBelow(names.byId.get(id), name)) bound--
      for (const entry of came.values()) if (isBoundBelow(entry, name)) bound++
      return bound
    },
  }
}

/** Whether the name has a record of the type. */
export function hasType(view: ZoneView, name: string, type: CustomerType): boolean {
  return view.at(name).some(entry => entry.type === type)
}

/** Whether the name has NS records that hand it and all below it to other servers; the apex has not. */
export function isDelegated(view: ZoneView, name: string): boolean {
  return name !== view.zone && hasType(view, name, 'NS')
}

/** Only the addresses of name servers may be kept below a delegation (RFC 1034 §4.2.1). */
export function isGlue(record: StoredRecord): boolean {
  return (record.type === 'A' || record.type === 'AAAA') && !record.name.startsWith('*.')
}
