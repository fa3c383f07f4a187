import { type Answer, lookUp } from './look-up.ts'
import { longestMessage, PacketWriter, sections } from './packet-writer.ts'
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
const ednsLength = 11
const flags = { response: 0x80, authoritative: 0x04, truncated: 0x02 } as const

/** Answers are put together anew each time: that takes little longer than finding a kept one, and a publication has nothing to drop. */
export function createResponder(zones: ZoneTable, ednsUdpSize: number): Responder {
  const writer = new PacketWriter()

  const limitOf = (edns: Edns | undefined, transport: 'udp' | 'tcp') => {
    if (transport === 'tcp') return longestMessage
    if (edns === undefined) return plainUdpSize
    return Math.min(Math.max(edns.payloadSize, plainUdpSize), ednsUdpSize)
  }

  const finish = (edns: Edns | undefined, code: number): Buffer => {
    if (edns !== undefined) writer.addEdns(ednsUdpSize, code, edns.dnssecOk)
    return writer.finish()
  }

  const answerCode = (message: Buffer, { name, end, edns }: Question, code: number): Buffer => {
    writer.begin(message, name, end, 0, code)
    return finish(edns, code)
  }

  const answerQuestion = (message: Buffer, question: Question, limit: number): Buffer => {
    const { name, end, edns } = question
    // Over UDP, and to those without leave to transfer, IXFR learns the serial only (RFC 1995 §2).
    const type = question.type === questionTypes.IXFR ? questionTypes.SOA : question.type
    const answer = lookUp(zones, name, type)
    writer.begin(message, name, end, answer.authoritative ? flags.authoritative : 0, answer.code)
    if (!writeSections(writer, answer, edns === undefined ? limit : limit - ednsLength)) {
      writer.begin(message, name, end, (answer.authoritative ? flags.authoritative : 0) | flags.truncated, answer.code)
    }
    return finish(edns, answer.code)
  }

  return {
    respond(message, transport) {
      if (message.length < headerLength || ((message[2] ?? 0) & flags.response) !== 0) return undefined
      if ((((message[2] ?? 0) >> 3) & 15) !== opcodes.query) return headerOnly(message, responseCodes.notImplemented)
      const question = readQuestion(message)
      if (question === undefined) return headerOnly(message, responseCodes.formatError)
      const code = refusalOf(question)
      if (code !== undefined) return answerCode(message, question, code)
      return answerQuestion(message, question, limitOf(question.edns, transport))
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

/** The sections as far as they fit; false where something is missing that the asker needs. */
function writeSections(writer: PacketWriter, answer: Answer, limit: number): boolean {
  for (const owned of answer.answers) if (!writer.add(owned, sections.answers, limit)) return false
  for (const owned of answer.authority) if (!writer.add(owned, sections.authority, limit)) return false
  for (const owned of answer.additional) {
    if (!writer.add(owned, sections.additional, limit) && answer.needsGlue) return false
  }
  return true
}

function headerOnly(message: Buffer, code: number): Buffer {
  const packet = Buffer.alloc(headerLength)
  message.copy(packet, 0, 0, 3)
  packet[2] = flags.response | ((message[2] ?? 0) & 0x79)
  packet[3] = code
  return packet
}
