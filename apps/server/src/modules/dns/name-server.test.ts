import { Resolver } from 'node:dns/promises'
import { createNameServer, type NameServer } from '@innkeeper/drivers'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestApp, testApp } from '../../../test/app.ts'
import { dnsHttp } from '../../../test/dns.ts'
import { seedAccount } from '../../../test/seed.ts'
import { defaultConfig } from '../../config.ts'
import { createFollower, type Follower } from './index.ts'

let app: TestApp
let http: ReturnType<typeof dnsHttp>
let owner: Awaited<ReturnType<typeof seedAccount>>
let nameServer: NameServer
let follower: Follower
let path: string
const resolver = new Resolver({ tries: 2 })

beforeAll(async () => {
  const dns = { ...defaultConfig('').dns, hostmaster: 'dns.admin@example.net', redirectAddresses: ['192.0.2.200'] }
  app = await testApp({ dns })
  http = dnsHttp(app)
  owner = await seedAccount(app)
  nameServer = createNameServer({ host: '127.0.0.1', port: 0, allowTransfer: [], notify: [], log: app.log })
  await nameServer.listen()
  resolver.setServers([`127.0.0.1:${nameServer.port()}`])
  follower = await createFollower(app, nameServer, { exclusive: false })
  const { body } = await http.call(owner.identity, 'POST', `/service/${owner.serviceId}/dns`, { name: 'example.com' })
  path = `/service/${owner.serviceId}/dns/${body.zone_id}`
})
afterAll(async () => {
  await follower.close()
  await nameServer.close()
  await http.close()
  await app.close()
})

async function add(record: object) {
  const { status, body } = await http.call(owner.identity, 'POST', `${path}/records`, record)
  expect(status, JSON.stringify(body)).toBe(200)
  await follower.settled()
}

test('a record made through the API is answered by the name server', async () => {
  await add({ name: 'www', type: 'A', content: '192.0.2.80' })
  await add({ name: '@', type: 'MX', priority: 10, content: 'mail.example.net' })
  await add({ name: 'txt', type: 'TXT', content: 'grüße; "quoted" \\ and more' })
  await add({ name: '_sip._tcp', type: 'SRV', priority: 1, content: [2, 5060, 'sip.example.net'] })
  expect(await resolver.resolve4('www.example.com')).toEqual(['192.0.2.80'])
  expect(await resolver.resolveMx('example.com')).toEqual([{ exchange: 'mail.example.net', priority: 10 }])
  // Node shows each byte of a string as one character.
  const [[text = ''] = []] = await resolver.resolveTxt('txt.example.com')
  expect([text, Buffer.from(text, 'latin1').toString()]).toContain('grüße; "quoted" \\ and more')
  expect(await resolver.resolveSrv('_sip._tcp.example.com')).toMatchObject([
    { name: 'sip.example.net', port: 5060, priority: 1, weight: 2 },
  ])
})

test('a URL record leads to the redirector, an MXE record to its mail host', async () => {
  await add({ name: 'old', type: 'URL', content: 'https://example.net/' })
  await add({ name: 'post', type: 'MXE', content: '192.0.2.25' })
  expect(await resolver.resolve4('old.example.com')).toEqual(['192.0.2.200'])
  const [mail] = await resolver.resolveMx('post.example.com')
  expect(await resolver.resolve4(mail?.exchange ?? '')).toEqual(['192.0.2.25'])
})

test('the SOA has the serial of the table and the mailbox of the provider', async () => {
  await add({ name: 'serial', type: 'A', content: '192.0.2.1' })
  const { serial } = await app.db.selectFrom('dns_zone').select('serial').executeTakeFirstOrThrow()
  expect(await resolver.resolveSoa('example.com')).toMatchObject({
    nsname: 'ns1.example.net',
    hostmaster: 'dns\\.admin.example.net',
    serial: Number(serial),
    minttl: 300,
  })
})
