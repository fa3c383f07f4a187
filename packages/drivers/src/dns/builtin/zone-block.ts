import { bucketOf } from './name-hash.ts'
import { typeNumbers } from './wire-numbers.ts'

/**
 * One zone, everything in one latin1 string of one character a byte. A hundred thousand zones of objects, maps and small strings would
 * cost a cache miss for each of some twenty pointers on the way to a record, and several times the memory; this costs a few.
 *
 *     zone     flags 1 · serial 4 · TTL of denials 4 · bucket mask 4 · length 1 and name of the zone · buckets 4 each · nodes, the
 *              apex first
 *     node     offset of the next one in its bucket 4, 0 for none · length 1 and name without the apex · number of sets 1 · sets
 *     set      type 2 · TTL 4 · number of records 2 · bytes of records 4 · records
 *     record   length 2 · data
 *
 * A node without sets has nodes below it: an empty non-terminal (RFC 4592 §2.2.2). Names and data are in wire form.
 */
export type ZoneBlock = string

export const layout = { flags: 0, serial: 1, denialTtl: 5, bucketMask: 9, apexLength: 13, apex: 14 } as const
export const setHeaderLength = 12
const delegationsFlag = 1

export function flagsFor(hasDelegations: boolean): number {
  return hasDelegations ? delegationsFlag : 0
}

export function hasDelegations(zone: ZoneBlock): boolean {
  return (zone.charCodeAt(layout.flags) & delegationsFlag) !== 0
}

export function apexLength(zone: ZoneBlock): number {
  return zone.charCodeAt(layout.apexLength)
}

export function serialOf(zone: ZoneBlock): number {
  return unsigned32(zone, layout.serial)
}

export function apexName(zone: ZoneBlock): string {
  return zone.slice(layout.apex, layout.apex + apexLength(zone))
}

export function isZoneNamed(zone: ZoneBlock, name: string, start: number): boolean {
  return apexLength(zone) === name.length - start && sameText(zone, layout.apex, name, start, name.length)
}

/** How long a denial may be kept (RFC 2308 §3). */
export function denialTtl(zone: ZoneBlock): number {
  return unsigned32(zone, layout.denialTtl)
}

/** The apex' node; the SOA is among its sets. */
export function apexNode(zone: ZoneBlock): number {
  return layout.apex + apexLength(zone) + 4 * (unsigned32(zone, layout.bucketMask) + 1)
}

/** The node of a name with that hash, of which text holds the labels below the apex from start to end; 0 where there is none. */
export function findNode(zone: ZoneBlock, hash: number, text: string, start: number, end: number): number {
  if (start === end) return apexNode(zone)
  const bucket = bucketOf(hash, unsigned32(zone, layout.bucketMask))
  let node = unsigned32(zone, layout.apex + apexLength(zone) + 4 * bucket)
  while (node !== 0 && !(zone.charCodeAt(node + 4) === end - start && sameText(zone, node + 5, text, start, end))) {
    node = unsigned32(zone, node)
  }
  return node
}

function sameText(zone: ZoneBlock, offset: number, text: string, start: number, end: number): boolean {
  for (let at = start, from = offset; at < end; at++, from++) {
    if (zone.charCodeAt(from) !== text.charCodeAt(at)) return false
  }
  return true
}

/** The node's name without the apex. */
export function nodeName(zone: ZoneBlock, node: number): string {
  return zone.slice(node + 5, node + 5 + zone.charCodeAt(node + 4))
}

export function setCount(zone: ZoneBlock, node: number): number {
  return zone.charCodeAt(node + 5 + zone.charCodeAt(node + 4))
}

/** The node's first set, or where the next node begins. */
export function firstSet(zone: ZoneBlock, node: number): number {
  return node + 6 + zone.charCodeAt(node + 4)
}

/** What follows a set: the next one of its node, or the next node. */
export function nextSet(zone: ZoneBlock, set: number): number {
  return set + setHeaderLength + unsigned32(zone, set + 8)
}

/** The node's set of the type; 0 where there is none. */
export function findSet(zone: ZoneBlock, node: number, type: number): number {
  let set = firstSet(zone, node)
  for (let count = setCount(zone, node); count > 0; count--) {
    if (setType(zone, set) === type) return set
    set = nextSet(zone, set)
  }
  return 0
}

export function setType(zone: ZoneBlock, set: number): number {
  return unsigned16(zone, set)
}

export function recordCount(zone: ZoneBlock, set: number): number {
  return unsigned16(zone, set + 6)
}

/** Offsets where the data of each of the set's records begin and end. */
export function recordsOf(zone: ZoneBlock, set: number): { start: number; end: number }[] {
  const records = []
  for (let at = set + setHeaderLength, end = nextSet(zone, set); at < end; ) {
    const start = at + 2
    at = start + unsigned16(zone, at)
    records.push({ start, end: at })
  }
  return records
}

/** The name that all of a CNAME's data is. */
export function aliasTarget(zone: ZoneBlock, node: number): string | undefined {
  const set = findSet(zone, node, typeNumbers.CNAME)
  if (set === 0) return undefined
  return zone.slice(set + setHeaderLength + 2, nextSet(zone, set))
}

export function unsigned16(text: string, at: number): number {
  return (text.charCodeAt(at) << 8) | text.charCodeAt(at + 1)
}

function unsigned32(text: string, at: number): number {
  return unsigned16(text, at) * 65_536 + unsigned16(text, at + 2)
}
