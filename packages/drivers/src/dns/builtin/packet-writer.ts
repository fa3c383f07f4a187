import type { OwnedSet } from './look-up.ts'
import { headerLength } from './question.ts'
import { classIn, questionTypes, typeNumbers } from './wire-numbers.ts'

export const longestMessage = 65_535
/** One set may run over the longest message before that is noticed. */
const scratch = Buffer.alloc(2 * longestMessage + 1024)
const pointerToQuestion = 0xc000 | headerLength
const farthestPointer = 0x3fff

/** Offset and count of the names in the data that may be compressed (RFC 3597 §4: only types of RFC 1035). */
const compressible = new Map<number, readonly [offset: number, count: number]>([
  [typeNumbers.NS, [0, 1]],
  [typeNumbers.CNAME, [0, 1]],
  [typeNumbers.PTR, [0, 1]],
  [typeNumbers.MX, [2, 1]],
  [questionTypes.SOA, [0, 2]],
])

/** Writes one message at a time into a buffer that all share; `finish` copies it out. */
export interface PacketWriter {
  /** Bytes so far. */
  length(): number
  /** Appends the set's records; answers how many, or false, nothing appended, where the message would exceed `limit`. */
  add(owned: OwnedSet, limit: number): number | false
  finish(): Buffer
}

/** Begins with the header and question that `start` holds, whose name is `questionName` in lower case. */
export function beginPacket(start: Buffer, questionName: string): PacketWriter {
  let at = start.copy(scratch)
  let offsets: Map<string, number> | undefined

  const writeName = (name: string) => {
    offsets ??= offsetsOf(questionName)
    let rest = name
    for (let label = rest.charCodeAt(0); label > 0; label = rest.charCodeAt(0)) {
      const known = offsets.get(rest)
      if (known !== undefined) {
        at = scratch.writeUInt16BE(0xc000 | known, at)
        return
      }
      if (at <= farthestPointer) offsets.set(rest, at)
      at += scratch.write(rest.slice(0, label + 1), at, 'latin1')
      rest = rest.slice(label + 1)
    }
    scratch[at++] = 0
  }

  const writeData = (type: number, data: string) => {
    const [offset, count] = compressible.get(type) ?? [0, 0]
    at += scratch.write(data.slice(0, offset), at, 'latin1')
    let rest = offset
    for (let names = 0; names < count; names++) {
      const end = nameEnd(data, rest)
      writeName(data.slice(rest, end))
      rest = end
    }
    at += scratch.write(rest === 0 ? data : data.slice(rest), at, 'latin1')
  }

  return {
    length: () => at,
    add({ owner, set }, limit) {
      const start = at
      for (const data of set.wires) {
        if (owner === questionName) at = scratch.writeUInt16BE(pointerToQuestion, at)
        else writeName(owner)
        at = scratch.writeUInt16BE(set.type, at)
        at = scratch.writeUInt16BE(classIn, at)
        at = scratch.writeUInt32BE(set.ttlSeconds, at)
        const lengthAt = at
        at += 2
        writeData(set.type, data)
        scratch.writeUInt16BE(at - lengthAt - 2, lengthAt)
        if (at > limit) {
          at = start
          for (const [name, offset] of offsets ?? []) if (offset >= start) offsets?.delete(name)
          return false
        }
      }
      return set.wires.length
    },
    finish() {
      const packet = Buffer.allocUnsafe(at)
      scratch.copy(packet, 0, 0, at)
      return packet
    },
  }
}

/** The question's name and all names above it, which the message already holds. */
function offsetsOf(name: string): Map<string, number> {
  const offsets = new Map<string, number>()
  for (let at = 0; at < name.length - 1; at += name.charCodeAt(at) + 1) offsets.set(name.slice(at), headerLength + at)
  return offsets
}

function nameEnd(data: string, start: number): number {
  let at = start
  while (data.charCodeAt(at) > 0) at += data.charCodeAt(at) + 1
  return at + 1
}
