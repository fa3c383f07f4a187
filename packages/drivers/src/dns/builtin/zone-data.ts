import { DriverError } from '../../kit/driver-error.ts'
import type { Zone, ZoneRecord } from '../driver.ts'
import { encodeData, encodeSoa } from '../records/wire.ts'
import { lowerName, nameToWire } from '../records/wire-name.ts'
import { questionTypes, typeNumbers } from './wire-numbers.ts'

/** All records of one name and type. Wire data are latin1 strings, one character a byte: see records/wire-name.ts. */
export interface RecordSet {
  readonly type: number
  readonly ttlSeconds: number
  /** As published; what tells whether a later publication may reuse the wire form. Empty for the SOA. */
  readonly texts: readonly string[]
  readonly wires: readonly string[]
}

/** One zone in the form that answers are made from; replaced as a whole when it is published again. */
export interface ZoneData {
  readonly name: string
  /** Wire form of the name. */
  readonly apex: string
  readonly serial: number
  /** Record sets by owner name in wire form. A name without sets has names below it (an empty non-terminal, RFC 4592 §2.2.2). */
  readonly nodes: ReadonlyMap<string, readonly RecordSet[]>
  readonly soa: RecordSet
  /** The SOA with the TTL of negative answers (RFC 2308 §3). */
  readonly negativeSoa: RecordSet
  readonly hasDelegations: boolean
}

const nothing: readonly RecordSet[] = []

/** Builds the zone; wire forms that `previous` already has are taken from there. Throws a DriverError `refused`, naming the record. */
export function compileZone(zone: Zone, previous?: ZoneData): ZoneData {
  const apex = wireName(zone.name)
  const soa: RecordSet = {
    type: questionTypes.SOA,
    ttlSeconds: zone.soaTtlSeconds,
    texts: [],
    wires: [encodeSoa(zone).toString('latin1')],
  }
  const nodes = groupRecords(zone, apex, previous)
  nodes.set(apex, [soa, ...(nodes.get(apex) ?? nothing)])
  let hasDelegations = false
  for (const [owner, sets] of nodes) {
    if (owner === apex) continue
    hasDelegations ||= sets.some(set => set.type === typeNumbers.NS)
    for (let above = parentOf(owner); above !== apex && !nodes.has(above); above = parentOf(above))
      nodes.set(above, nothing)
  }
  return {
    name: zone.name,
    apex,
    serial: zone.serial,
    nodes,
    soa,
    negativeSoa: { ...soa, ttlSeconds: Math.min(zone.soaTtlSeconds, zone.minimumSeconds) },
    hasDelegations,
  }
}

interface DraftSet {
  readonly type: ZoneRecord['type']
  ttlSeconds: number
  readonly texts: string[]
}

function groupRecords(zone: Zone, apex: string, previous: ZoneData | undefined): Map<string, readonly RecordSet[]> {
  const drafts = new Map<string, DraftSet[]>()
  for (const record of zone.records) {
    const sets = drafts.get(record.name)
    const set = sets?.find(other => other.type === record.type)
    if (set === undefined) {
      const draft = { type: record.type, ttlSeconds: record.ttlSeconds, texts: [record.data] }
      if (sets === undefined) drafts.set(record.name, [draft])
      else sets.push(draft)
    } else {
      // One set has one TTL (RFC 2181 §5.2) and no record twice (§5).
      set.ttlSeconds = Math.min(set.ttlSeconds, record.ttlSeconds)
      if (!set.texts.includes(record.data)) set.texts.push(record.data)
    }
  }
  const nodes = new Map<string, readonly RecordSet[]>()
  for (const [name, sets] of drafts) {
    const owner = wireName(name)
    if (!isWithin(owner, apex)) throw new DriverError('refused', `${name} does not belong to the zone ${zone.name}`)
    const before = previous?.nodes.get(owner)
    nodes.set(
      owner,
      sets.map(set => finishSet(set, before)),
    )
  }
  return nodes
}

function finishSet(draft: DraftSet, before: readonly RecordSet[] | undefined): RecordSet {
  const type = typeNumbers[draft.type]
  const same = before?.find(set => set.type === type)
  const unchanged =
    same?.texts.length === draft.texts.length && same.texts.every((text, at) => text === draft.texts[at])
  if (unchanged && same.ttlSeconds === draft.ttlSeconds) return same
  return {
    type,
    ttlSeconds: draft.ttlSeconds,
    texts: draft.texts,
    wires: unchanged ? same.wires : draft.texts.map(text => encodeData(draft.type, text).toString('latin1')),
  }
}

function wireName(name: string): string {
  try {
    return lowerName(nameToWire(name))
  } catch (error) {
    throw new DriverError('refused', `${JSON.stringify(name)} is not a domain name`, { cause: error })
  }
}

/** The name without its first label; of the root, nothing. */
export function parentOf(wire: string): string {
  return wire.slice(wire.charCodeAt(0) + 1)
}

function isWithin(owner: string, apex: string): boolean {
  for (let name = owner; name.length >= apex.length; name = parentOf(name)) if (name === apex) return true
  return false
}
