import { createAnswerCache } from './answer-cache.ts'
import { type Answer, lookUp } from './look-up.ts'
import { beginPacket } from './packet-writer.ts'
import { type Edns, headerLength, type Question, readQuestion } from './question.ts'
import { classAny, classIn, opcodes, questionTypes, responseCodes } from './wire-numbers.ts'
import type { ZoneTable } from './zone-table.ts'

/** Turns queries into responses; knows no sockets. */
export interface Responder {
  /**
   * The response, no longer than the asker takes; undefined for what must not be answered: responses, which two servers could throw at
   * each other for ever, and pieces of a header.
   */
  respond(message: Buffer, transport: 'udp' | 'tcp'): Buffer | undefined
}

const plainUdpSize = 512
const tcpSize = 65_535
const ednsLength = 11
const flags = { response: 0x80, authoritative: 0x04, truncated: 0x02, recursionDesired: 0x01 } as const

export function createResponder(zones: ZoneTable, options: { ednsUdpSize: number; cacheBytes: number }): Responder {
  const cache = createAnswerCache(options.cacheBytes)

  const limitOf = (edns: Edns | undefined, transport: 'udp' | 'tcp') => {
    if (transport === 'tcp') return tcpSize
    if (edns === undefined) return plainUdpSize
    return Math.min(Math.max(edns.payloadSize, plainUdpSize), options.ednsUdpSize)
  }

  const answerQuestion = (message: Buffer, question: Question, limit: number): Buffer => {
    const key = question.name + String.fromCharCode(question.type >> 8, question.type & 255)
    const room = question.edns === undefined ? limit : limit - ednsLength
    const kept = cache.get(key)
    if (kept !== undefined && kept.length <= room) {
      const packet = Buffer.allocUnsafe(kept.length + (question.edns === undefined ? 0 : ednsLength))
      packet.write(kept, 'latin1')
      return personalise(packet, kept.length, message, question, options.ednsUdpSize)
    }
    // Over UDP, and to those without leave to transfer, IXFR learns the serial only (RFC 1995 §2).
    const type = question.type === questionTypes.IXFR ? questionTypes.SOA : question.type
    const answer = lookUp(zones, question.name, type)
    const bare = assemble(message, question, answer, room)
    if (answer.keepWith !== undefined && !isTruncated(bare)) cache.set(key, bare.toString('latin1'), answer.keepWith)
    if (question.edns === undefined) return personalise(bare, bare.length, message, question, options.ednsUdpSize)
    const packet = Buffer.allocUnsafe(bare.length + ednsLength)
    bare.copy(packet)
    return personalise(packet, bare.length, message, question, options.ednsUdpSize)
  }

  return {
    respond(message, transport) {
      if (message.length < headerLength || ((message[2] ?? 0) & flags.response) !== 0) return undefined
      if ((((message[2] ?? 0) >> 3) & 15) !== opcodes.query) return headerOnly(message, responseCodes.notImplemented)
      const question = readQuestion(message)
      if (question === undefined) return headerOnly(message, responseCodes.formatError)
      const code = refusalOf(question)
      if (code === undefined) return answerQuestion(message, question, limitOf(question.edns, transport))
      return answerCode(message, question, code, options.ednsUdpSize)
    },
  }
}

/** Why a well-formed question gets no look-up. Zone transfers are no matter of single responses: see transfer.ts. */
function refusalOf({ type, class: queryClass, edns }: Question): number | undefined {
  if (edns !== undefined && edns.version > 0) return responseCodes.badVersion
  if (queryClass !== classIn && queryClass !== classAny) return responseCodes.refused
  if (type === questionTypes.OPT) return responseCodes.formatError
  if (type === questionTypes.AXFR) return responseCodes.refused
  if (type === questionTypes.IXFR || type === questionTypes.ANY) return undefined
  // Other types of 128 to 254 ask for something else than data (RFC 6895 §3.1).
  return type > 127 && type < 255 ? responseCodes.notImplemented : undefined
}

/** Header, question and the sections as far as they fit; with TC and nothing else where they must but do not. */
function assemble(message: Buffer, question: Question, answer: Answer, limit: number): Buffer {
  const start = startOf(message, question, answer)
  const writer = beginPacket(start, question.name)
  const counts = [0, 0, 0]
  for (const [index, section] of [answer.answers, answer.authority, answer.additional].entries()) {
    for (const owned of section) {
      const written = writer.add(owned, limit)
      if (written !== false) counts[index] = (counts[index] ?? 0) + written
      else if (index < 2 || (answer.needsGlue && counts[2] === 0)) return truncated(start)
    }
  }
  const packet = writer.finish()
  for (const [index, count] of counts.entries()) packet.writeUInt16BE(count, 6 + 2 * index)
  return packet
}

function startOf(message: Buffer, question: Question, answer: Answer): Buffer {
  const start = Buffer.alloc(question.end)
  message.copy(start, headerLength, headerLength, question.end)
  start[2] = flags.response | (answer.authoritative ? flags.authoritative : 0)
  start[3] = answer.code
  start[5] = 1
  return start
}

function truncated(start: Buffer): Buffer {
  start[2] = (start[2] ?? 0) | flags.truncated
  return start
}

function isTruncated(packet: Buffer): boolean {
  return ((packet[2] ?? 0) & flags.truncated) !== 0
}

/** Gives the message what is the asker's own: id, RD, the name as it was written (its letter case), the EDNS record. */
function personalise(packet: Buffer, length: number, message: Buffer, question: Question, udpSize: number): Buffer {
  packet[0] = message[0] ?? 0
  packet[1] = message[1] ?? 0
  packet[2] = ((packet[2] ?? 0) & ~flags.recursionDesired) | ((message[2] ?? 0) & flags.recursionDesired)
  message.copy(packet, headerLength, headerLength, question.end)
  if (question.edns !== undefined) writeEdns(packet, length, question.edns, 0, udpSize)
  return packet
}

/** An OPT record without options; DO is copied (RFC 3225 §3). The last record, so the count is its predecessors' plus one. */
function writeEdns(packet: Buffer, at: number, edns: Edns, extendedCode: number, udpSize: number): void {
  packet[at] = 0
  packet.writeUInt16BE(questionTypes.OPT, at + 1)
  packet.writeUInt16BE(udpSize, at + 3)
  packet[at + 5] = extendedCode
  packet[at + 6] = 0
  packet.writeUInt16BE(edns.dnssecOk ? 0x8000 : 0, at + 7)
  packet.writeUInt16BE(0, at + 9)
  packet.writeUInt16BE(packet.readUInt16BE(10) + 1, 10)
}

/** A response with a code and no records; codes above 15 have their upper bits in the EDNS record (RFC 6891 §6.1.3). */
export function answerCode(message: Buffer, question: Question, code: number, udpSize: number): Buffer {
  const packet = Buffer.alloc(question.end + (question.edns === undefined ? 0 : ednsLength))
  message.copy(packet, 0, 0, question.end)
  packet[2] = flags.response | ((message[2] ?? 0) & flags.recursionDesired)
  packet[3] = code & 15
  packet.fill(0, 6, headerLength)
  if (question.edns !== undefined) writeEdns(packet, question.end, question.edns, code >> 4, udpSize)
  return packet
}

function headerOnly(message: Buffer, code: number): Buffer {
  const packet = Buffer.alloc(headerLength)
  message.copy(packet, 0, 0, 3)
  packet[2] = flags.response | ((message[2] ?? 0) & 0x79)
  packet[3] = code
  return packet
}
