import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Ask, createAsk } from '../conformance/ask.ts'
import { answered, record, sampleZone } from '../conformance/sample-zones.ts'
import type { DnsDriver, ZoneRecord } from '../driver.ts'
import { parseRecord, presentData } from '../records/record.ts'
import { recordInputs } from '../records/record-inputs.ts'
import { type RecordType, recordTypes } from '../records/types.ts'
import { createPowerDns } from './driver.ts'
import { type PowerDnsServer, startPowerDns } from './test-server.ts'

const zone = 'taken.test'
const limits = { minTtlSeconds: 0, maxTtlSeconds: 2 ** 31 - 1, defaultTtlSeconds: 3600 }

/** What PowerDNS 4.7 has no way to say. Customers are told why; nothing else of the zone changes. */
const impossible: readonly (readonly [RecordType, string])[] = [
  // Metres beyond 2^31 centimetres.
  ['LOC', '1 0 0.000 N 1 0 0.000 E 21474836.48m 1m 10000m 10m'],
  ['LOC', '1 0 0.000 N 1 0 0.000 E 0.00m 1m 50000000m 10m'],
  // It takes brackets and semicolons for those of zone files, even inside quotes.
  ['SVCB', '1 . alpn="h2,b)3"'],
  ['SVCB', '1 . key65000="a;b"'],
]

let server: PowerDnsServer
let driver: DnsDriver
let ask: Ask

beforeAll(async () => {
  server = await startPowerDns()
  driver = createPowerDns(server)
  ask = createAsk(server.dnsPort)
})
afterAll(async () => {
  await driver.close()
  await server.stop()
})

/** Of what clients send, that which our own rules take, each at a name of its own. */
function takenRecords(seed: number): ZoneRecord[] {
  const taken = new Map<string, ZoneRecord>()
  for (const input of fc.sample(recordInputs, { numRuns: 6000, seed })) {
    const parsed = parseRecord({ ...input, zone }, limits)
    const type = recordTypes.find(known => known === input.type)
    if (!parsed.ok || type === undefined) continue
    const data = presentData(parsed.record)
    const key = `${type} ${data}`
    if (!taken.has(key) && !isBeyond(type, data)) taken.set(key, record(`r${taken.size}.${zone}`, type, data))
  }
  return [...taken.values()]
}

function isBeyond(type: RecordType, data: string): boolean {
  if (type === 'LOC') return [...data.matchAll(/(-?[\d.]+)m/g)].some(([, metres]) => Number(metres) >= 20_000_000)
  return (type === 'SVCB' || type === 'HTTPS') && /[();]/.test(data)
}

test('records of every type that our rules take are taken by PowerDNS and answered byte for byte', async () => {
  const records = takenRecords(20_261_122)
  expect(new Set(records.map(one => one.type)).size).toBe(recordTypes.length)
  await driver.publish(sampleZone(zone, 1, records))
  for (const one of records) {
    const { answers, authority } = await ask(one.name, one.type, { transport: 'tcp' })
    expect(one.type === 'NS' ? authority : answers, `${one.type} ${one.data}`).toEqual([answered(one)])
  }
})

test.each(impossible)('%s %s is refused with the reason of PowerDNS', async (type, data) => {
  const published = driver.publish(sampleZone('impossible.test', 1, [record('x.impossible.test', type, data)]))
  await expect(published).rejects.toMatchObject({ kind: 'refused', message: expect.stringContaining(`/${type}`) })
})
