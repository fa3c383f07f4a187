import { afterAll, beforeAll, expect, test } from 'vitest'
import { type PowerDns, startPowerDns } from './powerdns.ts'
import { curl, dig, eventually, newDataDir, type Program, removeDataDir, startProgram } from './program.ts'

/* The whole program in front of a real PowerDNS. */

let server: PowerDns
let dataDir: string
let program: Program
let zonesUrl: string

const start = () =>
  startProgram({
    dataDir,
    env: {
      INNKEEPER_DNS_DRIVER: 'powerdns',
      INNKEEPER_DNS_POWERDNS_URL: server.url,
      INNKEEPER_DNS_POWERDNS_KEY: server.apiKey,
    },
  })
const api = (...args: string[]) => curl('-u', `${program.username}:${program.password}`, ...args)
const answers = (name: string, wanted: readonly string[], type = 'A') => {
  const ask = () => dig(server.dnsPort, name, type)
  return eventually(ask, lines => lines.join() === wanted.join())
}

async function newZone(name: string): Promise<string> {
  const made = await api('-d', `name=${name}`, zonesUrl)
  expect(made).toMatchObject({ success: true })
  return `${zonesUrl}/${made.zone_id}`
}

async function newRecord(zoneUrl: string, name: string, content: string): Promise<string> {
  const made = await api('-d', `name=${name}&type=A&content=${content}`, `${zoneUrl}/records`)
  expect(made).toMatchObject({ success: true })
  return `${zoneUrl}/records/${(made.record as { id: string }).id}`
}

beforeAll(async () => {
  server = await startPowerDns()
  dataDir = await newDataDir()
  program = await start()
  const { service_ids } = (await api(`${program.api}/dns`)) as { service_ids: string[] }
  zonesUrl = `${program.api}/service/${service_ids[0]}/dns`
})
afterAll(async () => {
  expect(await program.stop()).toBe(0)
  await server.stop()
  await removeDataDir(dataDir)
})

test('the demo zone is answered by PowerDNS, and the program opens no port for names', async () => {
  expect(await answers('www.example.test', ['192.0.2.80'])).toEqual(['192.0.2.80'])
  expect(program.dnsPort).toBeUndefined()
})

test('PowerDNS answers what is created, changed and deleted', async () => {
  const zone = await newZone('life.example')
  const record = await newRecord(zone, 'www', '192.0.2.1')
  expect(await answers('www.life.example', ['192.0.2.1'])).toEqual(['192.0.2.1'])
  expect(await api('-X', 'PUT', '-d', 'content=192.0.2.2', record)).toMatchObject({ success: true })
  expect(await answers('www.life.example', ['192.0.2.2'])).toEqual(['192.0.2.2'])
  expect(await api('-X', 'DELETE', record)).toMatchObject({ success: true })
  expect(await answers('www.life.example', [])).toEqual([])
  expect(await answers('life.example', [], 'SOA')).toHaveLength(1)
  expect(await api('-X', 'DELETE', zone)).toMatchObject({ success: true })
  expect(await answers('life.example', [], 'SOA')).toEqual([])
})

test('a PowerDNS that lost everything gets it back: a zone with its next change, all at the start of the program', async () => {
  const [one, other] = [await newZone('one.example'), await newZone('other.example')]
  await newRecord(one, 'a', '192.0.2.11')
  await newRecord(other, 'a', '192.0.2.21')
  expect(await answers('a.other.example', ['192.0.2.21'])).toEqual(['192.0.2.21'])

  await server.startEmpty()
  await newRecord(one, 'b', '192.0.2.12')
  expect(await answers('b.one.example', ['192.0.2.12'])).toEqual(['192.0.2.12'])
  expect(await answers('a.one.example', ['192.0.2.11'])).toEqual(['192.0.2.11'])

  expect(await program.stop()).toBe(0)
  await server.startEmpty()
  expect(await dig(server.dnsPort, 'a.one.example', 'A')).toEqual([])
  program = await start()
  zonesUrl = zonesUrl.replace(/^http:\/\/[^/]+/, program.url)
  for (const [name, address] of [
    ['a.one.example', '192.0.2.11'],
    ['b.one.example', '192.0.2.12'],
    ['a.other.example', '192.0.2.21'],
    ['www.example.test', '192.0.2.80'],
  ] as const)
    expect(await answers(name, [address]), name).toEqual([address])
})
