import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestApp, testApp } from '../../../test/app.ts'
import { dnsHttp } from '../../../test/dns.ts'
import { seedAccount } from '../../../test/seed.ts'
import { fixedClock } from '../../clock.ts'

let app: TestApp
let http: ReturnType<typeof dnsHttp>
let owner: Awaited<ReturnType<typeof seedAccount>>
let path: string
let zoneId: string

beforeAll(async () => {
  app = await testApp({ dialect: 'recorded' }, fixedClock(new Date('2026-11-22T10:00:00Z')))
  http = dnsHttp(app)
  owner = await seedAccount(app)
  const { body } = await http.call(owner.identity, 'POST', `/service/${owner.serviceId}/dns`, { name: 'example.com' })
  zoneId = body.zone_id
  path = `/service/${owner.serviceId}/dns/${zoneId}`
  await http.call(owner.identity, 'POST', `${path}/records`, {
    name: '_dmarc',
    type: 'TXT',
    content: 'v=DMARC1; p=none',
  })
  await http.call(owner.identity, 'POST', `${path}/records`, {
    name: '@',
    type: 'MX',
    priority: 10,
    content: 'mail.example.net',
  })
})
afterAll(async () => {
  await http.close()
  await app.close()
})

async function recorded() {
  const { body } = await http.call(owner.identity, 'GET', path)
  return body as { service_id: unknown; records: Record<string, Record<string, unknown>> }
}

test('records are keyed by number from 0, with full names, strings only and their keys in order', async () => {
  const { service_id, records } = await recorded()
  expect(service_id).toBe(owner.serviceId)
  expect(Object.keys(records)).toEqual(['0', '1', '2', '3', '4'])
  expect(Object.keys(records['4'] ?? {})).toEqual([
    'id',
    'domain_id',
    'name',
    'type',
    'content',
    'ttl',
    'prio',
    'change_date',
    'priority',
  ])
  expect(records['4']).toEqual({
    id: expect.stringMatching(/^\d+$/),
    domain_id: zoneId,
    name: 'example.com',
    type: 'MX',
    content: 'mail.example.net',
    ttl: '3600',
    prio: '10',
    change_date: '1795341600',
    priority: '10',
  })
})

test('TXT content is in double quotes', async () => {
  expect((await recorded()).records['3']).toMatchObject({
    name: '_dmarc.example.com',
    type: 'TXT',
    content: '"v=DMARC1; p=none"',
  })
})

test('the SOA is listed first as seven strings, and is neither changed nor removed', async () => {
  const soa = (await recorded()).records['0']
  expect(soa).toMatchObject({
    name: 'example.com',
    type: 'SOA',
    content: ['ns1.example.net', 'hostmaster.example.net', '2026112202', '14400', '3600', '1209600', '300'],
  })
  const record = `${path}/records/${soa?.id}`
  expect((await http.call(owner.identity, 'DELETE', record)).body.error).toEqual(['dnserrrr_type'])
  expect((await http.call(owner.identity, 'PUT', record, { ttl: 60 })).body.error).toEqual(['dnserrrr_type'])
})

test('what is listed can be sent back as it is', async () => {
  const before = (await recorded()).records
  for (const record of Object.values(before).filter(({ type }) => type !== 'SOA')) {
    const { name, type, content, ttl, priority } = record
    const sent = { name, type, content, ttl, priority }
    expect((await http.call(owner.identity, 'PUT', `${path}/records/${record.id}`, sent)).status).toBe(200)
  }
  const after = (await recorded()).records
  const withoutSoa = (records: typeof before) => Object.values(records).slice(1)
  expect(withoutSoa(after)).toEqual(withoutSoa(before))
})
