import { lowerName, nameToWire, wireToName } from '../records/wire-name.ts'

/** Written down once more, apart from the servers', so that a wrong number there shows. */
const typeNumbers = {
  A: 1,
  NS: 2,
  CNAME: 5,
  SOA: 6,
  PTR: 12,
  HINFO: 13,
  MX: 15,
  TXT: 16,
  AAAA: 28,
  LOC: 29,
  SRV: 33,
  NAPTR: 35,
  OPT: 41,
  DS: 43,
  SSHFP: 44,
  TLSA: 52,
  SVCB: 64,
  HTTPS: 65,
  CAA: 257,
} as const
/** A type that can be asked for or stands in answers of the tests. */
export type QuestionType = keyof typeof typeNumbers

const responseCodes = ['NOERROR', 'FORMERR', 'SERVFAIL', 'NXDOMAIN', 'NOTIMP', 'REFUSED'] as const

/** A record of a response, its data whole: names in them uncompressed and in lower case. */
export interface AnsweredRecord {
  /** As it came, without the last dot. */
  readonly name: string
  readonly type: string
  readonly ttlSeconds: number
  readonly dataHex: string
}

/** A response, read apart. */
export interface DnsResponse {
  readonly code: string
  readonly authoritative: boolean
  readonly truncated: boolean
  /** The name in the question section, as the server repeated it. */
  readonly question: string
  readonly answers: readonly AnsweredRecord[]
  readonly authority: readonly AnsweredRecord[]
  /** Without the EDNS record. */
  readonly additional: readonly AnsweredRecord[]
  /** The UDP size of the server's EDNS record, where it sent one. */
  readonly ednsSize: number | undefined
  readonly bytes: number
}

/** What a query carries besides its question. */
export interface QueryOptions {
  /** Sends an EDNS record with this UDP size. */
  readonly ednsSize?: number
}

/** A query without the wish for recursion. */
export function encodeQuery(id: number, name: string, type: QuestionType, { ednsSize }: QueryOptions): Buffer {
  const head = Buffer.alloc(12)
  head.writeUInt16BE(id, 0)
  head.writeUInt16BE(1, 4)
  head.writeUInt16BE(ednsSize === undefined ? 0 : 1, 10)
  const edns = Buffer.alloc(ednsSize === undefined ? 0 : 11)
  if (ednsSize !== undefined) {
    edns.writeUInt16BE(typeNumbers.OPT, 1)
    edns.writeUInt16BE(ednsSize, 3)
  }
  return Buffer.concat([head, Buffer.from(nameToWire(name), 'latin1'), unsigned16(typeNumbers[type], 1), edns])
}

/** Throws a RangeError where the response is cut off in the middle of a record. */
export function decodeResponse(message: Buffer): DnsResponse {
  const flags = message.readUInt16BE(2)
  const question = readName(message, 12)
  let at = question.end + 4
  const sections = [6, 8, 10].map(offset => {
    const records: (AnsweredRecord & { readonly size: number })[] = []
    for (let left = message.readUInt16BE(offset); left > 0; left--) {
      const owner = readName(message, at)
      const start = owner.end + 10
      const end = start + message.readUInt16BE(owner.end + 8)
      const number = message.readUInt16BE(owner.end)
      const type = Object.entries(typeNumbers).find(([, known]) => known === number)?.[0] ?? `TYPE${number}`
      records.push({
        name: wireToName(owner.wire),
        type,
        ttlSeconds: message.readUInt32BE(owner.end + 4),
        dataHex: wholeData(message, type, start, end).toString('hex'),
        size: message.readUInt16BE(owner.end + 2),
      })
      at = end
    }
    return records
  })
  if (at > message.length) throw new RangeError('the response is cut off')
  const [answers = [], authority = [], additional = []] = sections
  const plain = ({ name, type, ttlSeconds, dataHex }: AnsweredRecord) => ({ name, type, ttlSeconds, dataHex })
  return {
    code: responseCodes[flags & 15] ?? `code ${flags & 15}`,
    authoritative: (flags & 0x0400) !== 0,
    truncated: (flags & 0x0200) !== 0,
    question: wireToName(question.wire),
    answers: answers.map(plain),
    authority: authority.map(plain),
    additional: additional.filter(record => record.type !== 'OPT').map(plain),
    ednsSize: additional.find(record => record.type === 'OPT')?.size,
    bytes: message.length,
  }
}

/** Bytes before the names in the data of those types whose names may be compressed (RFC 3597 §4), and how many names. */
const compressible: Readonly<Record<string, readonly [number, number]>> = {
  NS: [0, 1],
  CNAME: [0, 1],
  PTR: [0, 1],
  SOA: [0, 2],
  MX: [2, 1],
  SRV: [6, 1],
}

function wholeData(message: Buffer, type: string, start: number, end: number): Buffer {
  const [before, names] = compressible[type] ?? [0, 0]
  let at = start + before
  const parts: Buffer[] = [message.subarray(start, at)]
  for (let left = names; left > 0; left--) {
    const name = readName(message, at)
    parts.push(Buffer.from(lowerName(name.wire), 'latin1'))
    at = name.end
  }
  return Buffer.concat([...parts, message.subarray(at, end)])
}

function readName(message: Buffer, start: number): { wire: string; end: number } {
  let wire = ''
  let end: number | undefined
  for (let at = start; ; ) {
    const length = message.readUInt8(at)
    if (length >= 0xc0) {
      end ??= at + 2
      const target = message.readUInt16BE(at) & 0x3fff
      if (target >= at) throw new RangeError('a compressed name points ahead')
      at = target
      continue
    }
    wire += message.toString('latin1', at, at + 1 + length)
    at += 1 + length
    if (length === 0) return { wire, end: end ?? at }
  }
}

function unsigned16(...numbers: number[]): Buffer {
  const bytes = Buffer.alloc(2 * numbers.length)
  for (const [at, number] of numbers.entries()) bytes.writeUInt16BE(number, 2 * at)
  return bytes
}
