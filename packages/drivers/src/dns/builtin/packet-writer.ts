import type { OwnedSet } from './look-up.ts'
import { headerLength } from './question.ts'
import { classIn, questionTypes, typeNumbers } from './wire-numbers.ts'
import { nextSet, recordCount, setHeaderLength, setType, unsigned16 } from './zone-block.ts'

export const longestMessage = 65_535
/** Of names beyond these, nothing is compressed: searching would cost more than the bytes are worth. */
const mostLabels = 64
const farthestPointer = 0x3fff
/** Shorter strings are copied faster by hand than by a call out of JavaScript. */
const shortString = 80

/** Section counts in the header (RFC 1035 §4.1.1). */
export const sections = { answers: 6, authority: 8, additional: 10 } as const

/**
 * Writes one message after the other into the same buffer, by hand: at the rate of UDP packets, allocations and calls out of JavaScript
 * are what costs. `finish` copies the message out.
 */
export class PacketWriter {
  length = 0
  // One set may run over the longest message before that is noticed.
  readonly #bytes = Buffer.alloc(2 * longestMessage + 1024)
  readonly #labels = new Uint16Array(mostLabels)
  #labelCount = 0
  #questionName = ''

  /** Begins with id, opcode, RD and question of the query; `questionName` is its name in lower case, `end` where its question ends. */
  begin(query: Buffer, questionName: string, end: number, flags: number, code: number): void {
    const bytes = this.#bytes
    for (let at = 0; at < end; at++) bytes[at] = query[at] ?? 0
    bytes[2] = 0x80 | flags | ((query[2] ?? 0) & 0x79)
    bytes[3] = code & 15
    for (let at = sections.answers; at < headerLength; at++) bytes[at] = 0
    this.length = end
    this.#questionName = questionName
    this.#labelCount = 0
    for (let at = 0; at < questionName.length - 1; at += questionName.charCodeAt(at) + 1)
      this.#remember(headerLength + at)
  }

  /** Appends the set's records to a section; false, and nothing appended, where the message would exceed `limit`. */
  add(owned: OwnedSet, section: number, limit: number): boolean {
    const start = this.length
    const labels = this.#labelCount
    const count = recordCount(owned.zone, owned.set)
    const written = this.#addRecords(owned, limit, 0)
    if (written < count) {
      this.length = start
      this.#labelCount = labels
      return false
    }
    this.#count(section, count)
    return true
  }

  /** Appends as many of the set's records as fit, leaving out the first `skip`; answers how many. */
  addSome(owned: OwnedSet, section: number, limit: number, skip: number): number {
    const written = this.#addRecords(owned, limit, skip)
    this.#count(section, written)
    return written
  }

  /** Appends an OPT record without options; the upper bits of the code are in it, and DO is copied (RFC 6891 §6.1.3, RFC 3225 §3). */
  addEdns(udpSize: number, code: number, dnssecOk: boolean): void {
    this.#byte(0)
    this.#unsigned16(questionTypes.OPT)
    this.#unsigned16(udpSize)
    this.#byte(code >> 4)
    this.#byte(0)
    this.#unsigned16(dnssecOk ? 0x8000 : 0)
    this.#unsigned16(0)
    this.#count(sections.additional, 1)
  }

  finish(): Buffer {
    const packet = Buffer.allocUnsafe(this.length)
    packet.set(this.#bytes.subarray(0, this.length))
    return packet
  }

  #addRecords({ owner, zone, set, ttlSeconds }: OwnedSet, limit: number, skip: number): number {
    const end = nextSet(zone, set)
    let at = set + setHeaderLength
    let index = 0
    for (; at < end; index++) {
      const dataEnd = at + 2 + unsigned16(zone, at)
      if (index >= skip) {
        const start = this.length
        const labels = this.#labelCount
        this.#record(owner, zone, set, ttlSeconds, at + 2, dataEnd)
        if (this.length > limit) {
          this.length = start
          this.#labelCount = labels
          break
        }
      }
      at = dataEnd
    }
    return Math.max(index - skip, 0)
  }

  #record(
    owner: string,
    zone: string,
    set: number,
    ttlSeconds: number | undefined,
    dataStart: number,
    dataEnd: number,
  ): void {
    if (owner === this.#questionName) this.#unsigned16(0xc000 | headerLength)
    else this.#name(owner, 0)
    // Type, class, TTL: the set has the first and the last as they go out.
    this.#text(zone, set, set + 2)
    this.#unsigned16(classIn)
    if (ttlSeconds === undefined) {
      this.#text(zone, set + 2, set + 6)
    } else {
      this.#unsigned16(ttlSeconds >>> 16)
      this.#unsigned16(ttlSeconds & 0xffff)
    }
    const lengthAt = this.length
    this.length += 2
    this.#data(setType(zone, set), zone, dataStart, dataEnd)
    const dataLength = this.length - lengthAt - 2
    this.#bytes[lengthAt] = dataLength >> 8
    this.#bytes[lengthAt + 1] = dataLength & 255
  }

  /** Only names in the data of types of RFC 1035 may be compressed (RFC 3597 §4). */
  #data(type: number, zone: string, start: number, end: number): void {
    switch (type) {
      case typeNumbers.NS:
      case typeNumbers.CNAME:
      case typeNumbers.PTR:
        this.#name(zone, start)
        return
      case typeNumbers.MX:
        this.#text(zone, start, start + 2)
        this.#name(zone, start + 2)
        return
      case questionTypes.SOA:
        this.#text(zone, this.#name(zone, this.#name(zone, start)), end)
        return
      default:
        this.#text(zone, start, end)
    }
  }

  /** Writes the name that begins at `start` of the text, by pointing to what of it the message has already; answers its end. */
  #name(text: string, start: number): number {
    let at = start
    for (let length = text.charCodeAt(at); length > 0; length = text.charCodeAt(at)) {
      const known = this.#find(text, at)
      if (known !== undefined) {
        this.#unsigned16(0xc000 | known)
        while (text.charCodeAt(at) > 0) at += text.charCodeAt(at) + 1
        return at + 1
      }
      this.#remember(this.length)
      this.#text(text, at, at + length + 1)
      at += length + 1
    }
    this.#byte(0)
    return at + 1
  }

  #remember(offset: number): void {
    if (this.#labelCount < mostLabels && offset <= farthestPointer) this.#labels[this.#labelCount++] = offset
  }

  #find(text: string, start: number): number | undefined {
    for (let index = 0; index < this.#labelCount; index++) {
      const offset = this.#labels[index] ?? 0
      if (this.#same(offset, text, start)) return offset
    }
    return undefined
  }

  /** Is the name at the offset of the message, pointers followed, the one in the text? */
  #same(offset: number, text: string, start: number): boolean {
    const bytes = this.#bytes
    let from = offset
    let at = start
    for (;;) {
      const length = bytes[from] ?? 0
      if (length >= 0xc0) {
        from = ((length & 0x3f) << 8) | (bytes[from + 1] ?? 0)
        continue
      }
      if (length !== text.charCodeAt(at)) return false
      if (length === 0) return true
      for (let end = at + length; at < end; ) {
        at++
        from++
        const byte = bytes[from] ?? 0
        if ((byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte) !== text.charCodeAt(at)) return false
      }
      at++
      from++
    }
  }

  #text(text: string, start: number, end: number): void {
    if (end - start > shortString) {
      this.length += this.#bytes.write(text.slice(start, end), this.length, 'latin1')
      return
    }
    const bytes = this.#bytes
    let to = this.length
    for (let at = start; at < end; at++) bytes[to++] = text.charCodeAt(at)
    this.length = to
  }

  #byte(value: number): void {
    this.#bytes[this.length++] = value
  }

  #unsigned16(value: number): void {
    this.#bytes[this.length++] = value >> 8
    this.#bytes[this.length++] = value & 255
  }

  #count(section: number, more: number): void {
    const bytes = this.#bytes
    const count = ((bytes[section] ?? 0) << 8) + (bytes[section + 1] ?? 0) + more
    bytes[section] = count >> 8
    bytes[section + 1] = count & 255
  }
}
