import { bucketOf } from './name-hash.ts'
import { typeNumbers } from './wire-numbers.ts'

/**
 * One zone, everything in one run of bytes. A hundred thousand zones of objects, maps and small strings would cost a cache miss for each
 * of some twenty pointers on the way to a record, and several times the memory; this costs a few.
 *
 *     zone     flags 1 · bytes of the zone 4 · serial 4 · TTL of denials 4 · bucket mask 4 · length 1 and name of the zone · buckets 4
 *              each · nodes, the apex first
 *     node     offset of the next one in its bucket 4, 0 for none · length 1 and name without the apex · number of sets 1 · sets
 *     set      type 2 · TTL 4 · number of records 2 · bytes of records 4 · records
 *     record   length 2 · data
 *
 * A node without sets has nodes below it: an empty non-terminal (RFC 4592 §2.2.2). Names and data are in wire form. Offsets in the
 * bytes count from the zone's start, so that it can be moved; those that functions take and give count from the start of `bytes`.
 * The bytes of a zone never change: who holds one may read it for as long as it likes.
 */
export interface ZoneBlock {
  /** Of this zone, and of others perhaps. */
  readonly bytes: Buffer
  /** Where the zone begins. */
  readonly start: number
}

export const layout = { flags: 0, size: 1, serial: 5, denialTtl: 9, bucketMask: 13, apexLength: 17, apex: 18 } as const
export const setHeaderLength = 12
const delegationsFlag = 1

export function flagsFor(hasDelegations: boolean): number {
  return hasDelegations ? delegationsFlag : 0
}

export function hasDelegations(zone: ZoneBlock): boolean {
  return (byteAt(zone.bytes, zone.start + layout.flags) & delegationsFlag) !== 0
}

export function sizeOf({ bytes, start }: ZoneBlock): number {
  return unsigned32(bytes, start + layout.size)
}

export function apexLength({ bytes, start }: ZoneBlock): number {
  return byteAt(bytes, start + layout.apexLength)
}

export function serialOf({ bytes, start }: ZoneBlock): number {
  return unsigned32(bytes, start + layout.serial)
}

export function apexName(zone: ZoneBlock): string {
  const at = zone.start + layout.apex
  return textOf(zone, at, at + apexLength(zone))
}

/** Is it the zone of the name that `name` is from `from` on? */
export function isZoneNamed(zone: ZoneBlock, name: string, from: number): boolean {
  return (
    apexLength(zone) === name.length - from && sameText(zone.bytes, zone.start + layout.apex, name, from, name.length)
  )
}

/** How long a denial may be kept (RFC 2308 §3). */
export function denialTtl({ bytes, start }: ZoneBlock): number {
  return unsigned32(bytes, start + layout.denialTtl)
}

/** The apex' node; the SOA is among its sets. */
export function apexNode(zone: ZoneBlock): number {
  return bucketsOf(zone) + 4 * (bucketMask(zone) + 1)
}

/** The node of a name with that hash, of which text holds the labels below the apex from start to end; 0 where there is none. */
export function findNode(zone: ZoneBlock, hash: number, text: string, start: number, end: number): number {
  if (start === end) return apexNode(zone)
  const { bytes } = zone
  let offset = unsigned32(bytes, bucketsOf(zone) + 4 * bucketOf(hash, bucketMask(zone)))
  while (offset !== 0) {
    const node = zone.start + offset
    if (byteAt(bytes, node + 4) === end - start && sameText(bytes, node + 5, text, start, end)) return node
    offset = unsigned32(bytes, node)
  }
  return 0
}

function bucketMask({ bytes, start }: ZoneBlock): number {
  return unsigned32(bytes, start + layout.bucketMask)
}

function bucketsOf(zone: ZoneBlock): number {
  return zone.start + layout.apex + apexLength(zone)
}

function sameText(bytes: Buffer, offset: number, text: string, start: number, end: number): boolean {
  for (let at = start, from = offset; at < end; at++, from++) {
    if (bytes[from] !== text.charCodeAt(at)) return false
  }
  return true
}

/** The node's name without the apex. */
export function nodeName(zone: ZoneBlock, node: number): string {
  return textOf(zone, node + 5, node + 5 + byteAt(zone.bytes, node + 4))
}

export function setCount({ bytes }: ZoneBlock, node: number): number {
  return byteAt(bytes, node + 5 + byteAt(bytes, node + 4))
}

/** The node's first set, or where the next node begins. */
export function firstSet({ bytes }: ZoneBlock, node: number): number {
  return node + 6 + byteAt(bytes, node + 4)
}

/** What follows a set: the next one of its node, or the next node. */
export function nextSet({ bytes }: ZoneBlock, set: number): number {
  return set + setHeaderLength + unsigned32(bytes, set + 8)
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

export function setType({ bytes }: ZoneBlock, set: number): number {
  return unsigned16(bytes, set)
}

export function recordCount({ bytes }: ZoneBlock, set: number): number {
  return unsigned16(bytes, set + 6)
}

/** Where the data of each of the set's records begin and end. */
export function recordsOf(zone: ZoneBlock, set: number): { start: number; end: number }[] {
  const records = []
  for (let at = set + setHeaderLength, end = nextSet(zone, set); at < end; ) {
    const start = at + 2
    at = start + unsigned16(zone.bytes, at)
    records.push({ start, end: at })
  }
  return records
}

/** The name that all of a CNAME's data is. */
export function aliasTarget(zone: ZoneBlock, node: number): string | undefined {
  const set = findSet(zone, node, typeNumbers.CNAME)
  if (set === 0) return undefined
  return textOf(zone, set + setHeaderLength + 2, nextSet(zone, set))
}

/** A name out of the zone, as a latin1 string. */
export function textOf({ bytes }: ZoneBlock, start: number, end: number): string {
  return bytes.toString('latin1', start, end)
}

export function byteAt(bytes: Buffer, at: number): number {
  return bytes[at] ?? 0
}

export function unsigned16(bytes: Buffer, at: number): number {
  return (byteAt(bytes, at) << 8) | byteAt(bytes, at + 1)
}

function unsigned32(bytes: Buffer, at: number): number {
  return unsigned16(bytes, at) * 65_536 + unsigned16(bytes, at + 2)
}
