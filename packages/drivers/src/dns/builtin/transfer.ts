import ipaddr from 'ipaddr.js'
import type { OwnedSet } from './look-up.ts'
import { longestMessage, PacketWriter, sections } from './packet-writer.ts'
import type { Question } from './question.ts'
import { classIn, opcodes, questionTypes } from './wire-numbers.ts'
import {
  apexNode,
  findSet,
  firstSet,
  nextSet,
  nodeName,
  recordCount,
  serialOf,
  setCount,
  setType,
  type ZoneBlock,
} from './zone-block.ts'

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
export function* transferZone(message: Buffer, question: Question, zone: ZoneBlock): Generator<Buffer> {
  // Its own writer: other answers are written between two messages of a transfer.
  const writer = new PacketWriter()
  const begin = () => writer.begin(message, question.name, question.end, authoritative, 0)
  const upToDate = question.type === questionTypes.IXFR && question.serial === serialOf(zone)
  begin()
  for (const owned of upToDate ? [soaOf(zone, question.name)] : setsOf(zone, question.name)) {
    const count = recordCount(zone, owned.set)
    for (let done = writer.addSome(owned, sections.answers, messageBytes, 0); done < count; ) {
      if (writer.length > question.end) {
        yield writer.finish()
        begin()
      }
      const more = writer.addSome(owned, sections.answers, messageBytes, done)
      // A record longer than that gets a message to itself; its data and owner fit, or it would not have been read.
      done += more > 0 ? more : writer.addSome(owned, sections.answers, longestMessage, done)
    }
  }
  yield writer.finish()
}

function soaOf(zone: ZoneBlock, apex: string): OwnedSet {
  return { owner: apex, zone, set: findSet(zone, apexNode(zone), questionTypes.SOA) }
}

function* setsOf(zone: ZoneBlock, apex: string): Generator<OwnedSet> {
  yield soaOf(zone, apex)
  let at = apexNode(zone)
  while (at < zone.length) {
    const owner = nodeName(zone, at) + apex
    const count = setCount(zone, at)
    at = firstSet(zone, at)
    for (let index = 0; index < count; index++) {
      if (setType(zone, at) !== questionTypes.SOA) yield { owner, zone, set: at }
      at = nextSet(zone, at)
    }
  }
  yield soaOf(zone, apex)
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
