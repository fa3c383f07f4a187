import { DriverError } from '../../kit/driver-error.ts'
import type { Zone } from '../driver.ts'
import { encodeSoa } from '../records/wire.ts'
import { lowerName, nameToWire } from '../records/wire-name.ts'
import type { DataEncoder } from './data-encoder.ts'
import { bucketOf, hashName } from './name-hash.ts'
import { questionTypes, typeNumbers } from './wire-numbers.ts'
import { flagsFor, layout, setHeaderLength, type ZoneBlock } from './zone-block.ts'

interface DraftSet {
  readonly type: number
  ttlSeconds: number
  readonly datas: string[]
}

/** Puts a zone into the form that answers are made from. Throws a DriverError `refused` that names the record at fault. */
export function compileZone(zone: Zone, encode: DataEncoder): ZoneBlock {
  const apex = wireName(zone.name)
  const soa = { type: questionTypes.SOA, ttlSeconds: zone.soaTtlSeconds, datas: [encodeSoa(zone).toString('latin1')] }
  const nodes = groupRecords(zone, apex, encode)
  nodes.set('', [...(nodes.get('') ?? []), soa])
  const hasDelegations = [...nodes].some(([name, sets]) => name !== '' && sets.some(set => set.type === typeNumbers.NS))
  addEmptyNonTerminals(nodes)
  const buckets = Buffer.alloc(4 * 2 ** Math.ceil(Math.log2(nodes.size)))
  const nodesAt = layout.apex + apex.length + buckets.length
  const text = chainNodes(nodes, buckets, nodesAt, hashName(apex))
  const head = Buffer.alloc(layout.apex)
  head[layout.flags] = flagsFor(hasDelegations)
  head.writeUInt32BE(zone.serial, layout.serial)
  head.writeUInt32BE(Math.min(zone.soaTtlSeconds, zone.minimumSeconds), layout.denialTtl)
  head.writeUInt32BE(buckets.length / 4 - 1, layout.bucketMask)
  head[layout.apexLength] = apex.length
  // Through a buffer, because a string of many parts would stay a tree of them.
  const parts = [head, Buffer.from(apex, 'latin1'), buckets, Buffer.from(text, 'latin1')]
  return Buffer.concat(parts).toString('latin1')
}

/** The nodes one after the other, the apex first, each linked into its bucket. `offset` is where they will lie. */
function chainNodes(
  nodes: ReadonlyMap<string, readonly DraftSet[]>,
  buckets: Buffer,
  offset: number,
  apexHash: number,
): string {
  let text = ''
  const append = (name: string, sets: readonly DraftSet[]) => {
    const bucket = 4 * bucketOf(hashName(name, apexHash), buckets.length / 4 - 1)
    const next = buckets.toString('latin1', bucket, bucket + 4)
    buckets.writeUInt32BE(offset + text.length, bucket)
    text += next + String.fromCharCode(name.length) + name + String.fromCharCode(sets.length)
    // What is asked most, addresses, and what denials need, the SOA, have low numbers: so they lie close to their node.
    for (const set of [...sets].sort((one, other) => one.type - other.type)) text += setBytes(set)
  }
  append('', nodes.get('') ?? [])
  for (const [name, sets] of nodes) if (name !== '') append(name, sets)
  return text
}

function setBytes({ type, ttlSeconds, datas }: DraftSet): string {
  let records = ''
  for (const data of datas) records += String.fromCharCode(data.length >> 8, data.length & 255) + data
  const head = Buffer.alloc(setHeaderLength)
  head.writeUInt16BE(type, 0)
  head.writeUInt32BE(ttlSeconds, 2)
  head.writeUInt16BE(datas.length, 6)
  head.writeUInt32BE(records.length, 8)
  return head.toString('latin1') + records
}

/** The record sets by owner in wire form, without the apex. */
function groupRecords(zone: Zone, apex: string, encode: DataEncoder): Map<string, DraftSet[]> {
  const byOwner = new Map<string, DraftSet[]>()
  for (const record of zone.records) {
    const type = typeNumbers[record.type]
    const data = encode(record)
    const sets = byOwner.get(record.name)
    const set = sets?.find(other => other.type === type)
    if (set === undefined) {
      const draft = { type, ttlSeconds: record.ttlSeconds, datas: [data] }
      if (sets === undefined) byOwner.set(record.name, [draft])
      else sets.push(draft)
    } else {
      // One set has one TTL (RFC 2181 §5.2) and no record twice (§5).
      set.ttlSeconds = Math.min(set.ttlSeconds, record.ttlSeconds)
      if (!set.datas.includes(data)) set.datas.push(data)
    }
  }
  const nodes = new Map<string, DraftSet[]>()
  for (const [name, sets] of byOwner) {
    const owner = wireName(name)
    if (!isWithin(owner, apex)) throw new DriverError('refused', `${name} does not belong to the zone ${zone.name}`)
    nodes.set(owner.slice(0, owner.length - apex.length), sets)
  }
  return nodes
}

function addEmptyNonTerminals(nodes: Map<string, DraftSet[]>): void {
  for (const name of [...nodes.keys()]) {
    if (name === '') continue
    for (let above = withoutLabel(name); !nodes.has(above); above = withoutLabel(above)) nodes.set(above, [])
  }
}

function withoutLabel(name: string): string {
  return name.slice(name.charCodeAt(0) + 1)
}

function isWithin(owner: string, apex: string): boolean {
  let name = owner
  while (name.length > apex.length) name = withoutLabel(name)
  return name === apex
}

export function wireName(name: string): string {
  try {
    return lowerName(nameToWire(name))
  } catch (error) {
    throw new DriverError('refused', `${JSON.stringify(name)} is not a domain name`, { cause: error })
  }
}
