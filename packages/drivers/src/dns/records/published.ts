import { isIPv6 } from 'node:net'
import type { ZoneRecord } from '../driver.ts'
import { presentData } from './record.ts'
import { type RecordType, recordTypes, type StoredRecord } from './types.ts'

const mailPriority = 10

/**
 * What a name server is to publish for the stored records of a zone: URL and FRAME become the addresses of the redirector,
 * MXE becomes an MX to a host made for the address, `mxe-c0000201.zone`, with its A record. Sets get one TTL, the lowest
 * of theirs, as readers would take it (RFC 2181 §5.2). Nothing else is added, changed or left out.
 */
export function publishedRecords(
  zone: string,
  records: readonly StoredRecord[],
  redirectAddresses: readonly string[],
): ZoneRecord[] {
  const taken = new Set(records.map(record => record.name))
  const published = new Map<string, ZoneRecord>()
  const ttls = new Map<string, number>()
  for (const record of records) {
    for (const real of expand(record)) {
      const set = `${real.name} ${real.type}`
      ttls.set(set, Math.min(ttls.get(set) ?? real.ttlSeconds, real.ttlSeconds))
      published.set(`${set} ${real.data}`, real)
    }
  }
  return [...published.values()].map(real => ({
    ...real,
    ttlSeconds: ttls.get(`${real.name} ${real.type}`) ?? real.ttlSeconds,
  }))

  function expand(record: StoredRecord): ZoneRecord[] {
    const { name, type, ttlSeconds, content } = record
    if (isRecordType(type)) return [{ name, type, ttlSeconds, data: presentData(record) }]
    if (type !== 'MXE') {
      return redirectAddresses.map(data => ({ name, type: isIPv6(data) ? 'AAAA' : 'A', ttlSeconds, data }))
    }
    const host = mailHost(zone, content, taken)
    return [
      { name, type: 'MX', ttlSeconds, data: `${mailPriority} ${host}.` },
      { name: host, type: 'A', ttlSeconds, data: content },
    ]
  }
}

/** The same for every MXE of the address, and no name that the customer uses. */
function mailHost(zone: string, address: string, taken: ReadonlySet<string>): string {
  const hex = address
    .split('.')
    .map(octet => Number(octet).toString(16).padStart(2, '0'))
    .join('')
  let host = `mxe-${hex}.${zone}`
  for (let next = 2; taken.has(host); next++) host = `mxe-${hex}-${next}.${zone}`
  return host
}

function isRecordType(type: StoredRecord['type']): type is RecordType {
  return recordTypes.some(known => known === type)
}
