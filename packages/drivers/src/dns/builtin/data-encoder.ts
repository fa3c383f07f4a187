import { DriverError } from '../../kit/driver-error.ts'
import type { ZoneRecord } from '../driver.ts'
import { encodeData } from '../records/wire.ts'

/** Gives a record's data in wire form as a latin1 string, one character a byte. Throws a DriverError `refused`. */
export type DataEncoder = (record: ZoneRecord) => string

const keptEach = 10_000
/** Longer data would not fit a message beside the question and the record's own name. */
const longestData = 65_000

/**
 * An encoder that keeps what it encoded lately. The zones of a provider say the same things over and over, and a large zone in which
 * something changed is published again with all that has not.
 */
export function createDataEncoder(): DataEncoder {
  let recent = new Map<string, string>()
  let older = new Map<string, string>()
  return ({ type, data }) => {
    const key = `${type} ${data}`
    let wire = recent.get(key)
    if (wire !== undefined) return wire
    wire = older.get(key) ?? encodeData(type, data).toString('latin1')
    if (wire.length > longestData) throw new DriverError('refused', `${type} record data are longer than a message`)
    if (recent.size >= keptEach) {
      older = recent
      recent = new Map()
    }
    recent.set(key, wire)
    return wire
  }
}
