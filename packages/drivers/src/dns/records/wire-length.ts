import { txtWireLength } from './types/txt.ts'
import type { StoredRecord } from './types.ts'

const header = 12
/** Compressed owner, type, class, TTL, length of the data. */
const perRecord = 12

/** Bytes of a message that answers with this set: exact for the types that sets grow large with, never too few. */
export function rrsetWireLength(set: readonly StoredRecord[]): number {
  const question = (set[0]?.name.length ?? 0) + 2 + 4
  return set.reduce((sum, record) => sum + perRecord + dataLength(record), header + question)
}

function dataLength({ type, content }: StoredRecord): number {
  switch (type) {
    case 'A':
      return 4
    case 'AAAA':
      return 16
    case 'TXT':
      return txtWireLength(content)
    case 'TLSA':
    case 'SSHFP':
    case 'DS':
      return 4 + Math.ceil((content.length - content.lastIndexOf(' ')) / 2)
    case 'SVCB':
    case 'HTTPS':
      // An address hint may be two characters long and is 16 bytes.
      return content.length + 32 + 16 * content.split(',').length
    default:
      // Text is longer than the wire but for short numbers, which take up to two bytes, and the ends of names.
      return content.length + 16
  }
}
