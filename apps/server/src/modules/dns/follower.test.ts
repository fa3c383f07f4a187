import { DriverError, publishedRecords, type StoredRecord } from '@innkeeper/drivers'
import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type TestApp, testApp } from '../../../test/app.ts'
import { dnsHttp } from '../../../test/dns.ts'
import { recordingNameServer } from '../../../test/recording-name-server.ts'
import { seedAccount } from '../../../test/seed.ts'
import { createFollower, type Follower, type FollowerOptions } from './follower.ts'
import { lockZone } from './zone-store.ts'

let app: TestApp
let nodes: ReturnType<typeof dnsHttp>[]
let owner: Awaited<ReturnType<typeof seedAccount>>
let server: ReturnType<typeof recordingNameServer>
const followers: Follower[] = []

beforeAll(async () => {
  app = await testApp()
  nodes = [dnsHttp(app), dnsHttp(app)]
  owner = await seedAccount(app)
})
afterAll(async () => {
  for (const node of nodes) await node.close()
  await app.close()
})
beforeEach(() => {
  server = recordingNameServer()
})
afterEach(async () => {
  for (const follower of followers.splice(0)) await follower.close()
  await app.db.deleteFrom('dns_record').execute()
  await app.db.deleteFrom('dns_zone').execute()
})

async function follow(options: FollowerOptions = { exclusive: false }, target = server) {
  const follower = await createFollower(app, target.driver, options)
  followers.push(follower)
  return follower
}
async function call(method: 'POST' | 'PUT' | 'DELETE' | 'GET', path: string, payload?: object, node = 0) {
  const http = nodes[node] ?? nodes[0]
  if (http === undefined) throw new Error('no node')
  return await http.call(owner.identity, method, path, payload)
}
async function newZone(name: string): Promise<string> {
  const { body } = await call('POST', `/service/${owner.serviceId}/dns`, { name })
  if (body.zone_id === undefined) throw new Error(JSON.stringify(body))
  return `/service/${owner.serviceId}/dns/${body.zone_id}`
}
const addA = (path: string, name = 'www', content = '192.0.2.1') =>
  call('POST', `${path}/records`, { name, type: 'A', content })

/** What the table says, read zone by zone, without the follower's own statements. */
async function wanted() {
  const zones = await app.db.selectFrom('dns_zone').where('deleted_at', 'is', null).selectAll().execute()
  return await Promise.all(
    zones.map(async ({ id, name, serial }) => {
      const rows = await app.db.selectFrom('dns_record').where('zone_id', '=', id).selectAll().execute()
      const records = rows.map(row => ({ ...row, ttlSeconds: row.ttl }) as StoredRecord) // the type column is free text
      return shape({ name, serial: Number(serial), records: publishedRecords(name, records, ['127.0.0.1']) })
    }),
  )
}
function shape({ name, serial, records }: { name: string; serial: number; records: readonly object[] }) {
  return { name, serial, records: records.map(record => JSON.stringify(record)).sort() }
}
async function expectAgreement() {
  const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : 1)
  expect([...server.zones.values()].map(shape).sort(byName)).toEqual((await wanted()).sort(byName))
}
/** For what happens without being asked for; the test's time limit is the only limit. */
async function until(condition: () => boolean) {
  while (!condition()) await new Promise(resolve => setTimeout(resolve, 5))
}

describe('following', () => {
  test('zones and records are published as the table says, with the SOA of the provider', async () => {
    const follower = await follow()
    const path = await newZone('example.com')
    await addA(path)
    await follower.settled()
    expect(server.zones.get('example.com')).toMatchObject({
      primary: 'ns1.example.net',
      mailbox: 'hostmaster.example.net',
      expireSeconds: 1_209_600,
      records: expect.arrayContaining([{ name: 'www.example.com', type: 'A', ttlSeconds: 3600, data: '192.0.2.1' }]),
    })
    await call('DELETE', path)
    await follower.settled()
    expect(server.zones.size).toBe(0)
  })

  test('a change is published without being asked for', async () => {
    await follow()
    await newZone('unasked.example')
    await until(() => server.zones.has('unasked.example'))
  })

  test('a zone deleted and added again is there', async () => {
    const follower = await follow()
    for (let round = 0; round < 5; round++) {
      const path = await newZone('phoenix.example')
      if (round % 2 === 0) await follower.settled()
      await call('DELETE', path)
    }
    await newZone('phoenix.example')
    await follower.settled()
    await expectAgreement()
  })

  test('a change that commits late is not missed', async () => {
    const follower = await follow()
    const late = await newZone('late.example')
    await newZone('early.example')
    await follower.settled()
    const [, , serviceId = '', , zoneId = ''] = late.split('/')
    const tx = await app.db.startTransaction().execute()
    await lockZone(tx, { accountId: owner.accountId, serviceId, zoneId }, new Date(), undefined)
    await newZone('meanwhile.example')
    await follower.settled()
    await follower.settled()
    const before = server.zones.get('late.example')?.serial ?? 0
    await tx.commit().execute()
    await follower.settled()
    expect(server.zones.get('late.example')?.serial).toBe(before + 1)
    await expectAgreement()
  })

  test('with the notification connection killed, changes still get through', async () => {
    await follow()
    await killConnections('listening')
    await newZone('deaf.example')
    await until(() => server.zones.has('deaf.example'))
  })

  test('whatever several nodes do at once, in the end the server has what the table says', async () => {
    const follower = await follow()
    const action: fc.Arbitrary<Action> = fc.record({
      kind: fc.constantFrom('zone', 'delete zone', 'add', 'change', 'remove'),
      zone: fc.nat(3),
      label: fc.nat(3),
      octet: fc.integer({ min: 1, max: 9 }),
      node: fc.nat(1),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(action, { minLength: 10, maxLength: 40 }), fc.boolean(), async (actions, flaky) => {
        if (flaky) server.failure = what => (what.length % 3 === 0 ? undefined : randomFailure())
        const todo = [...actions]
        await Promise.all(
          Array.from({ length: 4 }, async () => {
            for (let next = todo.pop(); next !== undefined; next = todo.pop()) await carryOut(next)
          }),
        )
        server.failure = () => undefined
        await follower.settled()
        await expectAgreement()
        expect(server.mostInFlight).toBe(1)
        expect(await app.db.selectFrom('dns_publish_failure').selectAll().execute()).toEqual([])
      }),
      { numRuns: 12 },
    )

    async function carryOut({ kind, zone, label, octet, node }: Action) {
      const name = `zone${zone}.example`
      const zones = (await call('GET', '/dns', undefined, node)).body.zones as { domain_id: string; name: string }[]
      const path = `/service/${owner.serviceId}/dns`
      const id = zones.find(found => found.name === name)?.domain_id
      if (kind === 'zone') await call('POST', path, { name }, node)
      if (id === undefined) return
      const record = { name: `n${label}`, type: 'A', content: `192.0.2.${octet}` }
      if (kind === 'delete zone') await call('DELETE', `${path}/${id}`, undefined, node)
      if (kind === 'add') await call('POST', `${path}/${id}/records`, record, node)
      if (kind !== 'change' && kind !== 'remove') return
      const records = ((await call('GET', `${path}/${id}`, undefined, node)).body.records ?? []) as { id: string }[]
      const target = `${path}/${id}/records/${records[label]?.id ?? 1}`
      await call(kind === 'change' ? 'PUT' : 'DELETE', target, kind === 'change' ? record : undefined, node)
    }
  })
})

interface Action {
  readonly kind: 'zone' | 'delete zone' | 'add' | 'change' | 'remove'
  readonly zone: number
  readonly label: number
  readonly octet: number
  readonly node: number
}

function randomFailure(): Error | undefined {
  const kinds = ['refused', 'unavailable', 'timeout'] as const
  return Math.random() < 0.3
    ? new DriverError(kinds[Math.floor(Math.random() * 3)] ?? 'refused', 'failing at random')
    : undefined
}

/** The connection that listens, or all that do not. */
async function killConnections(which: 'listening' | 'other') {
  const listens = sql`query ilike 'listen%'`
  await sql`select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid()
      and ${which === 'listening' ? listens : sql`not ${listens}`}`.execute(app.db)
}

describe('failures', () => {
  test('a zone that is refused keeps its last good state, is noted, and holds up no other', async () => {
    const follower = await follow()
    const bad = await newZone('bad.example')
    await addA(bad, 'good')
    await follower.settled()
    const good = server.zones.get('bad.example')
    server.failure = what => (what === 'publish bad.example' ? new DriverError('refused', 'will not') : undefined)
    await addA(bad, 'more')
    await until(() => follower.status().waiting[0]?.attempts === 1)
    await newZone('other.example')
    await until(() => server.zones.has('other.example'))
    expect(server.zones.get('bad.example')).toBe(good)
    expect(follower.status().waiting).toMatchObject([{ name: 'bad.example', error: 'will not' }])
    expect(await app.db.selectFrom('dns_publish_failure').selectAll().execute()).toMatchObject([
      { server: 'recording', error: 'will not' },
    ])

    server.failure = () => undefined
    await addA(bad, 'mended')
    await follower.settled()
    await expectAgreement()
    expect(await app.db.selectFrom('dns_publish_failure').selectAll().execute()).toEqual([])
  })

  test('a server that does not answer is left alone for a while, not asked for every zone', async () => {
    for (const at of [1, 2, 3, 4, 5, 6]) await newZone(`down${at}.example`)
    server.failure = what => (what === 'list' ? undefined : new DriverError('unavailable', 'nobody there'))
    const follower = await follow()
    await until(() => follower.status().outage !== undefined)
    expect(server.calls.filter(what => what.startsWith('publish'))).toHaveLength(3)
    expect(follower.status().outage?.error).toBe('nobody there')
    server.failure = () => undefined
    await follower.settled()
    await expectAgreement()
    expect(follower.status().outage).toBeUndefined()
  })

  test('who waits only for the attempt is not kept by a zone that is refused, nor by a server that is down', async () => {
    for (const at of [1, 2, 3, 4, 5]) await newZone(`try${at}.example`)
    server.failure = what => (what === 'publish try2.example' ? new DriverError('refused', 'no') : undefined)
    const follower = await follow()
    await follower.tried()
    expect([...server.zones.keys()].sort()).toEqual([1, 3, 4, 5].map(at => `try${at}.example`))
    await follower.close()

    server.failure = () => new DriverError('unavailable', 'nobody there')
    await (await follow()).tried()
    server.failure = what => (what === 'list' ? undefined : new DriverError('unavailable', 'nobody there'))
    await newZone('try6.example')
    await (await follow()).tried()
  })

  test('a server that cannot even be listed is tried until it can', async () => {
    await newZone('patience.example')
    server.failure = () => new DriverError('unavailable', 'not up yet')
    const follower = await follow()
    await until(() => follower.status().error === 'not up yet')
    server.failure = () => undefined
    await follower.settled()
    await expectAgreement()
    expect(follower.status()).toMatchObject({ state: 'following', waiting: [] })
  })
})

describe('starting', () => {
  test('what differs is published, what was deleted is removed, what is not ours stays', async () => {
    await newZone('same.example')
    const stale = await newZone('stale.example')
    const gone = await newZone('gone.example')
    const first = await follow()
    await first.settled()
    await first.close()
    await addA(stale)
    await call('DELETE', gone)
    await newZone('new.example')
    const foreign = { ...(server.zones.get('same.example') ?? expect.fail()), name: 'foreign.example' }
    server.zones.set('foreign.example', foreign)
    server.calls.length = 0

    await (await follow()).settled()
    expect(server.calls.filter(what => what.endsWith('stale.example'))).toEqual(['publish stale.example'])
    expect(server.calls.filter(what => what.endsWith('gone.example'))).toEqual(['remove gone.example'])
    expect(server.calls.filter(what => what.endsWith('foreign.example'))).toEqual([])
    expect(server.zones.delete('foreign.example')).toBe(true)
    await expectAgreement()
  })

  test('of two followers of one shared server one stands by, and takes over', async () => {
    const one = await follow({ exclusive: true })
    await one.settled()
    const two = await follow({ exclusive: true })
    await until(() => two.status().state === 'standby')
    await newZone('shared.example')
    await one.settled()
    expect(two.status().state).toBe('standby')
    await one.close()
    const path = await newZone('after.example')
    await two.settled()
    await killConnections('other')
    await until(() => two.status().state !== 'following')
    while ((await addA(path).catch(() => undefined))?.status !== 200) await new Promise(next => setTimeout(next, 20))
    await two.settled()
    await expectAgreement()
  })
})
