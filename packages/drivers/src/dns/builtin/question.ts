/** What a query asks, as far as the server cares. */
export interface Question {
  /** The name in wire form, lower case, as a latin1 string. */
  readonly name: string
  readonly type: number
  readonly class: number
  /** Offset of the first byte after the question. */
  readonly end: number
  /** The EDNS record (RFC 6891 §6.1.2), where there is one. */
  readonly edns: Edns | undefined
  /** Serial of the SOA in the authority section, which IXFR brings (RFC 1995 §3). */
  readonly serial: number | undefined
}

export interface Edns {
  readonly payloadSize: number
  readonly version: number
  readonly dnssecOk: boolean
}

export const headerLength = 12
const lowered = Buffer.alloc(256)

/** Reads a query whose header is complete; undefined where its format is broken. */
export function readQuestion(message: Buffer): Question | undefined {
  if (message.readUInt16BE(4) !== 1) return undefined
  const nameEnd = lowerName(message)
  if (nameEnd === undefined || nameEnd + 4 > message.length) return undefined
  const end = nameEnd + 4
  const question = {
    name: lowered.toString('latin1', 0, nameEnd - headerLength),
    type: message.readUInt16BE(nameEnd),
    class: message.readUInt16BE(nameEnd + 2),
    end,
    edns: undefined,
    serial: undefined,
  }
  const others = message.readUInt16BE(6) + message.readUInt16BE(8)
  const additional = message.readUInt16BE(10)
  return others + additional === 0 ? question : readRest(message, question, others, others + additional)
}

/** Copies the name behind the header into `lowered`, in lower case (RFC 4343); answers its end. */
function lowerName(message: Buffer): number | undefined {
  let at = headerLength
  for (;;) {
    // Beyond the end reads as undefined, and a compressed name has nothing before it to point to.
    const length = message[at] ?? 64
    if (length > 63 || at + length >= message.length || at + length - headerLength > 254) return undefined
    lowered[at - headerLength] = length
    at++
    if (length === 0) return at
    for (const end = at + length; at < end; at++) {
      const byte = message[at] ?? 0
      lowered[at - headerLength] = byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte
    }
  }
}

/** Walks the records behind the question: one OPT may be among the additional ones, a SOA in the authority. */
function readRest(message: Buffer, question: Question, others: number, count: number): Question | undefined {
  let at = question.end
  let edns: Edns | undefined
  let serial: number | undefined
  for (let index = 0; index < count; index++) {
    const owner = at
    at = skipName(message, at)
    if (at + 10 > message.length) return undefined
    const type = message.readUInt16BE(at)
    const dataEnd = at + 10 + message.readUInt16BE(at + 8)
    if (dataEnd > message.length) return undefined
    if (type === 41) {
      if (index < others || edns !== undefined || message[owner] !== 0 || !optionsFit(message, at + 10, dataEnd))
        return undefined
      edns = {
        payloadSize: message.readUInt16BE(at + 2),
        version: message[at + 5] ?? 0,
        dnssecOk: ((message[at + 6] ?? 0) & 0x80) !== 0,
      }
    }
    if (type === 6 && index < others && dataEnd - at >= 10 + 22) serial = message.readUInt32BE(dataEnd - 20)
    at = dataEnd
  }
  return { ...question, edns, serial }
}

/** The end of a name that may be compressed; beyond the message where it is broken. */
function skipName(message: Buffer, start: number): number {
  let at = start
  for (;;) {
    const length = message[at]
    if (length === undefined || (length > 63 && length < 0xc0)) return message.length + 1
    if (length >= 0xc0) return at + 2
    if (length === 0) return at + 1
    at += 1 + length
  }
}

function optionsFit(message: Buffer, start: number, end: number): boolean {
  let at = start
  while (at + 4 <= end) at += 4 + message.readUInt16BE(at + 2)
  return at === end
}
