import type { CustomerType, Finding, StoredRecord } from './types.ts'
import {
  createZoneNames,
  isDelegated,
  withChange,
  type ZoneChange,
  type ZoneEntry,
  type ZoneNames,
} from './zone-names.ts'
import { findingsAt, type PlacedFinding } from './zone-rules.ts'
import { warningsAt } from './zone-warnings.ts'

export type { ZoneChange, ZoneEntry } from './zone-names.ts'

/**
 * The records of one zone, ready to say whether a change may be. What an operation costs depends on the names it touches
 * and their depth, not on the size of the zone.
 *
 * A set of one name and type has one TTL (RFC 2181 §5.2). Clients send one record at a time, so a record with another TTL is
 * no reason to refuse: the newest TTL becomes that of the whole set, and `rrset` says which records to change.
 */
export interface ZoneIndex {
  readonly zone: string
  readonly size: number
  /**
   * The problems that the change would bring into the zone, none if it may be applied. Problems that the zone has already
   * do not count, so a zone that came in broken can be mended step by step. Warnings are not among them.
   */
  check(change: ZoneChange): Finding[]
  apply(change: ZoneChange): void
  /** What is likely not meant at a name as it stands: `warning` is set on all. */
  warnings(name: string): Finding[]
  records(): IterableIterator<ZoneEntry>
  get(id: string): ZoneEntry | undefined
  /** The records of one name and type. */
  rrset(name: string, type: CustomerType): ZoneEntry[]
  /** The TTL of the set in seconds, undefined where there is none. */
  ttlOf(name: string, type: CustomerType): number | undefined
}

/** Makes the index of a zone from all its records. */
export function createZoneIndex(zone: string, records: Iterable<ZoneEntry>): ZoneIndex {
  const names = createZoneNames(zone, records)
  const rrset = (name: string, type: CustomerType) => names.at(name).filter(entry => entry.type === type)
  return {
    zone,
    get size() {
      return names.byId.size
    },
    check: change => check(names, change),
    apply: change => apply(names, change),
    warnings: name => warningsAt(names, name),
    records: () => names.byId.values(),
    get: id => names.byId.get(id),
    rrset,
    ttlOf: (name, type) => rrset(name, type)[0]?.ttlSeconds,
  }
}

/** Everything wrong with a whole zone, refusals first; then sets with several TTLs and all other warnings. */
export function checkZone(zone: string, records: Iterable<StoredRecord>): Finding[] {
  const names = createZoneNames(
    zone,
    [...records].map((record, at) => ({ ...record, id: String(at) })),
  )
  const owners = new Set([zone, ...[...names.byId.values()].map(entry => entry.name)])
  const refusals = [...owners].flatMap(name => findingsAt(names, name).map(placed => placed.finding))
  return [...refusals, ...[...owners].flatMap(name => warningsAt(names, name))]
}

function check(names: ZoneNames, change: ZoneChange): Finding[] {
  const after = withChange(names, change)
  const touched = touchedNames(names, change)
  const before = new Set(touched.flatMap(name => findingsAt(names, name).map(placed => placed.key)))
  const brought = touched.flatMap(name => findingsAt(after, name)).filter(placed => !before.has(placed.key))
  const hiding = touched.filter(
    name => isDelegated(after, name) && !isDelegated(names, name) && after.boundBelow(name) > 0,
  )
  return [...ofTheChange(brought, change), ...hiding.map(occludes)]
}

function apply(names: ZoneNames, { remove = [], add = [] }: ZoneChange): void {
  for (const id of remove) names.take(id)
  for (const entry of add) names.put(entry)
}

function touchedNames(names: ZoneNames, change: ZoneChange): string[] {
  const leaving = [...(change.remove ?? []), ...(change.add ?? []).map(entry => entry.id)]
  const left = leaving.map(id => names.byId.get(id)?.name).filter(name => name !== undefined)
  return [...new Set([...left, ...(change.add ?? []).map(entry => entry.name)])]
}

/** A conflict is found at both records; whoever adds one wants to hear about that one. */
function ofTheChange(found: readonly PlacedFinding[], change: ZoneChange): Finding[] {
  const added = new Set(change.add?.map(entry => entry.id))
  const own = found.filter(placed => placed.entry !== undefined && added.has(placed.entry.id))
  return (own.length > 0 ? own : found).map(placed => placed.finding)
}

function occludes(name: string): Finding {
  return {
    problem: 'wrong_place',
    field: 'name',
    detail: `${name} cannot be delegated while there are records below it, only addresses of name servers may stay`,
  }
}
