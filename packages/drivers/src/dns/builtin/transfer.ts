import ipaddr from 'ipaddr.js'
import { longestMessage, type OwnedSet, PacketWriter, sections } from './packet-writer.ts'
import type { Question } from './question.ts'
import { classIn, opcodes, questionTypes } from './wire-numbers.ts'
import type { ZoneData } from './zone-data.ts'

/** Messages of this size are small enough to be written one by one and large enough to compress well. */
const messageBytes = 16_384
const authoritative = 0x04

/** Is it a query for a whole zone (RFC 5936, RFC 1995)? */
export function isTransfer(message: Buffer, question: Question): boolean {
  const standardQuery = ((message[2] ?? 0) & 0xf8) === opcodes.query << 3
  const wanted = question.type === questionTypes.AXFR || question.type === questionTypes.IXFR
  return standardQuery && wanted && question.class === classIn && (question.edns?.version ?? 0) === 0
}

/**
 * The messages of a zone transfer: the SOA, all other records, the SOA again (RFC 5936 §2.2). IXFR is answered with the whole zone, as
 * RFC 1995 §4 allows, or with the SOA alone where the asker has this serial already.
 */
export function* transferZone(message: Buffer, question: Question, zone: ZoneData): Generator<Buffer> {
  // Its own writer: other answers are written between two messages of a transfer.
  const writer = new PacketWriter()
  const begin = () => writer.begin(message, question.name, question.end, authoritative, 0)
  const upToDate = question.type === questionTypes.IXFR && question.serial === zone.serial
  begin()
  for (const record of upToDate ? [{ owner: zone.apex, set: zone.soa }] : recordsOf(zone)) {
    if (writer.add(record, sections.answers, messageBytes)) continue
    if (writer.length > question.end) {
      yield writer.finish()
      begin()
    }
    if (!writer.add(record, sections.answers, longestMessage)) {
      throw new RangeError(`a record of ${zone.name} does not fit a message`)
    }
  }
  yield writer.finish()
}

/** One record at a time: sets may be larger than a message. */
function* recordsOf(zone: ZoneData): Generator<OwnedSet> {
  yield { owner: zone.apex, set: zone.soa }
  for (const [owner, sets] of zone.nodes) {
    for (const set of sets) {
      if (set.type === questionTypes.SOA) continue
      for (const wire of set.wires) yield { owner, set: { ...set, wires: [wire] } }
    }
  }
  yield { owner: zone.apex, set: zone.soa }
}

/** A test whether an address lies in one of the networks, written as address or CIDR; throws for those that are neither. */
export function addressFilter(networks: readonly string[]): (address: string) => boolean {
  const ranges = networks.map(network => {
    if (network.includes('/')) return ipaddr.parseCIDR(network)
    const address = ipaddr.parse(network)
    return [address, address.kind() === 'ipv4' ? 32 : 128] as const
  })
  return text => {
    const address = ipaddr.process(text)
    return ranges.some(([network, bits]) => {
      if (address instanceof ipaddr.IPv4) return network instanceof ipaddr.IPv4 && address.match(network, bits)
      return network instanceof ipaddr.IPv6 && address.match(network, bits)
    })
  }
}
