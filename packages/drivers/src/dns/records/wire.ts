import { type Answer, encode } from 'dns-packet'
import ipaddr from 'ipaddr.js'
import { DriverError } from '../../kit/driver-error.ts'
import { type Token, tokenize } from './presentation.ts'
import type { RecordType } from './types.ts'
import { encodeLoc } from './wire-loc.ts'
import { nameToWire } from './wire-name.ts'
import { encodeSvcb } from './wire-svcb.ts'

/**
 * Record data from its presentation form (RFC 1035 §5.1; host names end in a dot or not) to wire form, names uncompressed.
 * Throws a DriverError `refused` for data that the type cannot hold.
 */
export function encodeData(type: RecordType, data: string): Buffer {
  try {
    return encoders[type](data)
  } catch (error) {
    throw new DriverError('refused', `${type} record data ${JSON.stringify(data)} cannot be encoded`, { cause: error })
  }
}

const encoders: Record<RecordType, (data: string) => Buffer> = {
  A: data => packed({ ...unnamed, type: 'A', data: ipaddr.IPv4.parse(data.trim()).toString() }),
  AAAA: data => packed({ ...unnamed, type: 'AAAA', data: ipaddr.IPv6.parse(data.trim()).toString() }),
  CNAME: data => packed({ ...unnamed, type: 'CNAME', data: host(data.trim()) }),
  NS: data => packed({ ...unnamed, type: 'NS', data: host(data.trim()) }),
  PTR: data => packed({ ...unnamed, type: 'PTR', data: host(data.trim()) }),
  MX: data => {
    const [preference, exchange] = fields(data, 2)
    return packed({ ...unnamed, type: 'MX', data: { preference: integer(preference, 16), exchange: host(exchange) } })
  },
  SRV: data => {
    const [priority, weight, port, target] = fields(data, 4)
    return packed({
      ...unnamed,
      type: 'SRV',
      data: {
        priority: integer(priority, 16),
        weight: integer(weight, 16),
        port: integer(port, 16),
        target: host(target),
      },
    })
  },
  TXT: data => {
    const strings = tokens(data).map(token => token.bytes)
    if (strings.length === 0 || strings.some(bytes => bytes.length > 255))
      throw new Error('not 1 or more strings ≤ 255')
    return packed({ ...unnamed, type: 'TXT', data: strings })
  },
  CAA: encodeCaa,
  NAPTR: encodeNaptr,
  TLSA: data => {
    const [usage, selector, matchingType, ...rest] = fields(data, 3, true)
    return packed({
      ...unnamed,
      type: 'TLSA',
      data: {
        usage: integer(usage, 8),
        selector: integer(selector, 8),
        matchingType: integer(matchingType, 8),
        certificate: hex(rest.join('')),
      },
    })
  },
  SSHFP: data => {
    const [algorithm, hash, ...rest] = fields(data, 2, true)
    const fingerprint = hex(rest.join('')).toString('hex')
    return packed({
      ...unnamed,
      type: 'SSHFP',
      data: { algorithm: integer(algorithm, 8), hash: integer(hash, 8), fingerprint },
    })
  },
  DS: data => {
    const [keyTag, algorithm, digestType, ...rest] = fields(data, 3, true)
    return packed({
      ...unnamed,
      type: 'DS',
      data: {
        keyTag: integer(keyTag, 16),
        algorithm: integer(algorithm, 8),
        digestType: integer(digestType, 8),
        digest: hex(rest.join('')),
      },
    })
  },
  SVCB: encodeSvcb,
  HTTPS: encodeSvcb,
  LOC: encodeLoc,
}

/** What a SOA record says, names without trailing dot. */
export interface SoaFields {
  readonly primary: string
  readonly mailbox: string
  readonly serial: number
  readonly refreshSeconds: number
  readonly retrySeconds: number
  readonly expireSeconds: number
  readonly minimumSeconds: number
}

/** SOA data in wire form, names uncompressed (RFC 1035 §3.3.13). */
export function encodeSoa(soa: SoaFields): Buffer {
  const numbers = Buffer.alloc(20)
  numbers.writeUInt32BE(soa.serial, 0)
  numbers.writeUInt32BE(soa.refreshSeconds, 4)
  numbers.writeUInt32BE(soa.retrySeconds, 8)
  numbers.writeUInt32BE(soa.expireSeconds, 12)
  numbers.writeUInt32BE(soa.minimumSeconds, 16)
  const names = nameToWire(soa.primary) + nameToWire(soa.mailbox)
  return Buffer.concat([Buffer.from(names, 'latin1'), numbers])
}

const unnamed = { name: '.' }

/** The data of a record as dns-packet writes it: what follows header (12), root name (1), type, class, TTL and length (10). */
function packed(answer: Answer): Buffer {
  return encode({ type: 'response', answers: [answer] }).subarray(23)
}

/** CAA by hand: dns-packet writes the value as UTF-8, which would change bytes above 127 (RFC 8659 §4.1). */
function encodeCaa(data: string): Buffer {
  const [flags, tag, value, ...rest] = tokens(data)
  if (flags === undefined || tag === undefined || value === undefined || rest.length > 0)
    throw new Error('not 3 fields')
  if (!/^[a-z0-9]{1,255}$/i.test(tag.text)) throw new Error('bad tag')
  return Buffer.concat([Buffer.from([integer(flags.text, 8)]), characterString(tag.bytes), value.bytes])
}

/** NAPTR by hand for the same reason (RFC 3403 §4.1). */
function encodeNaptr(data: string): Buffer {
  const [order, preference, flags, services, regexp, replacement, ...rest] = tokens(data)
  if (!order || !preference || !flags || !services || !regexp || !replacement || rest.length > 0) {
    throw new Error('not 6 fields')
  }
  const numbers = Buffer.alloc(4)
  numbers.writeUInt16BE(integer(order.text, 16), 0)
  numbers.writeUInt16BE(integer(preference.text, 16), 2)
  const strings = [flags, services, regexp].map(token => characterString(token.bytes))
  return Buffer.concat([numbers, ...strings, Buffer.from(nameToWire(replacement.text), 'latin1')])
}

function characterString(bytes: Buffer): Buffer {
  if (bytes.length > 255) throw new Error('a string is longer than 255 bytes')
  return Buffer.concat([Buffer.from([bytes.length]), bytes])
}

function tokens(data: string): Token[] {
  const found = tokenize(data)
  if (found === undefined) throw new Error('broken quotes or escapes')
  return found
}

/** The words of the data: exactly `count`, or with `more` at least that many. Those that are absent read as ''. */
function fields(data: string, count: number, more = false): [string, string, string, string, ...string[]] {
  const [first = '', second = '', third = '', fourth = '', ...rest] = data.trim().split(/\s+/)
  const words = [first, second, third, fourth, ...rest].filter(word => word !== '').length
  if (words < count || (!more && words > count)) throw new Error(`not ${count} fields`)
  return [first, second, third, fourth, ...rest]
}

function integer(text: string, bits: number): number {
  if (!/^\d{1,10}$/.test(text) || Number(text) >= 2 ** bits) throw new Error(`${text} is no ${bits}-bit number`)
  return Number(text)
}

function hex(text: string): Buffer {
  if (text.length === 0 || text.length % 2 === 1 || !/^[0-9a-f]+$/i.test(text)) throw new Error('not hexadecimal')
  return Buffer.from(text, 'hex')
}

/** A host name as dns-packet takes it, in lower case so that it can be looked up: dns-packet checks neither label nor name length, and knows no escapes. */
function host(text: string): string {
  if (text.includes('\\')) throw new Error('a host name has no escapes')
  nameToWire(text)
  return text.toLowerCase()
}
