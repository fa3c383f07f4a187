import { startPowerDns } from '../packages/drivers/src/dns/powerdns/test-server.ts'
import { ask, openClient } from './api-client.ts'
import { addZone, type Customer, recordsPath } from './api-customer.ts'
import { type Figure, median } from './report.ts'

const rounds = 5
const recordsPerRound = 200
/** Until then the compilers of client and server have done their work. */
const warmUp = 1500

/** One client, one record a request: the program with its builtin name server beside the HTTP API of PowerDNS. */
export async function measureCreating(customer: Customer) {
  // As Debian ships it; and with what its authors advise for speed, which a crash of the machine may cost records.
  const powerDns = await openPowerDns({ 'gsqlite3-pragma-synchronous': '' })
  const unsafe = await openPowerDns({ 'gsqlite3-pragma-synchronous': '0' })
  const creators = { program: await openProgram(customer), powerDns: powerDns.create, unsafe: unsafe.create }
  const perSecond: Record<keyof typeof creators, number[]> = { program: [], powerDns: [], unsafe: [] }
  const names = Object.keys(creators) as (keyof typeof creators)[] // those above
  try {
    for (const name of names) for (let index = 0; index < warmUp; index++) await creators[name](index)
    for (let round = 0; round < rounds; round++) {
      for (const name of names) {
        const first = warmUp + round * recordsPerRound
        const began = performance.now()
        for (let index = first; index < first + recordsPerRound; index++) await creators[name](index)
        perSecond[name].push((recordsPerRound * 1000) / (performance.now() - began))
      }
    }
  } finally {
    await powerDns.close()
    await unsafe.close()
  }
  const ratio = (other: 'powerDns' | 'unsafe') =>
    median(perSecond.program.map((own, round) => own / (perSecond[other][round] ?? 0)))
  const figures: Figure[] = [
    { what: 'records created/s, one client, program ÷ PowerDNS HTTP API', value: ratio('powerDns'), atLeast: 5 },
    { what: 'the same, PowerDNS with synchronous=off', value: ratio('unsafe') },
  ]
  return { figures, details: names.map(name => ({ name, perSecond: Math.round(median(perSecond[name])) })) }
}

type Create = (index: number) => Promise<void>

async function openProgram(customer: Customer): Promise<Create> {
  const path = recordsPath(customer, await addZone(customer, 'created.example'))
  return async index => {
    await ask(customer.client, 'POST', path, { name: `host-${index}`, type: 'A', ttl: 3600, content: '192.0.2.1' })
  }
}

async function openPowerDns(
  settings: Readonly<Record<string, string>>,
): Promise<{ create: Create; close(): Promise<void> }> {
  const server = await startPowerDns(settings)
  const client = openClient(`${server.url}/api/v1/servers/localhost/zones`, { 'x-api-key': server.apiKey })
  const zone = { name: 'created.example.', kind: 'Native', nameservers: ['ns1.example.net.', 'ns2.example.net.'] }
  await ask(client, 'POST', '', zone)
  return {
    async create(index) {
      const records = [{ content: '192.0.2.1', disabled: false }]
      const set = { name: `host-${index}.created.example.`, type: 'A', ttl: 3600, changetype: 'REPLACE', records }
      const { status, text } = await client.send('PATCH', '/created.example.', { rrsets: [set] })
      if (status !== 204) throw new Error(`PowerDNS: ${status} ${text}`)
    },
    async close() {
      await server.stop()
    },
  }
}
