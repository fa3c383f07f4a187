import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type TestApp, testApp } from '../../../test/app.ts'
import { dnsHttp } from '../../../test/dns.ts'
import { seedAccount } from '../../../test/seed.ts'
import { fixedClock } from '../../clock.ts'
import type { Identity } from '../../context.ts'
import { recordQueries } from '../../db/query-log.ts'

let app: TestApp
let http: ReturnType<typeof dnsHttp>
let owner: Awaited<ReturnType<typeof seedAccount>>
let stranger: Awaited<ReturnType<typeof seedAccount>>

beforeAll(async () => {
  app = await testApp({}, fixedClock(new Date('2026-11-22T10:00:00Z')))
  http = dnsHttp(app)
  owner = await seedAccount(app)
  stranger = await seedAccount(app)
})
afterAll(async () => {
  await http.close()
  await app.close()
})

let zones = 0
/** A zone of the owner's, and the path of its operations. */
async function newZone(name = `zone${++zones}.example.com`, who = owner) {
  const { status, body } = await http.call(who.identity, 'POST', `/service/${who.serviceId}/dns`, { name })
  if (status !== 200) throw new Error(`zone not created: ${JSON.stringify(body)}`)
  return { name, id: body.zone_id as string, path: `/service/${who.serviceId}/dns/${body.zone_id}` }
}
async function add(path: string, record: object, headers?: Record<string, string>) {
  return await http.call(owner.identity, 'POST', `${path}/records`, record, headers)
}
async function recordsOf(path: string) {
  const { body } = await http.call(owner.identity, 'GET', path)
  return body.records as { id: string; name: string; type: string; content: string; ttl: number; priority: number }[]
}
async function serialOf(id: string) {
  const row = await app.db.selectFrom('dns_zone').select('serial').where('id', '=', id).executeTakeFirstOrThrow()
  return Number(row.serial)
}

describe('zones', () => {
  test('a new zone has the name servers of the provider and a serial that begins with the date', async () => {
    const answer = await http.call(owner.identity, 'POST', `/service/${owner.serviceId}/dns`, { name: 'Exämple.COM.' })
    expect(answer.body).toEqual({
      success: true,
      info: ['dnszonecreated', 'xn--exmple-cua.com'],
      zone_id: expect.stringMatching(/^\d+$/),
    })
    const zone = await http.call(owner.identity, 'GET', `/service/${owner.serviceId}/dns/${answer.body.zone_id}`)
    expect(zone.etag).toBe('"1"')
    expect(zone.body).toEqual({
      service_id: Number(owner.serviceId),
      name: 'xn--exmple-cua.com',
      records: ['ns1.example.net', 'ns2.example.net'].map(content => ({
        id: expect.stringMatching(/^\d+$/),
        name: 'xn--exmple-cua.com',
        type: 'NS',
        content,
        ttl: 3600,
        priority: 0,
      })),
    })
    expect(await serialOf(answer.body.zone_id)).toBe(2026112200)
  })

  test.each(['com', 'a..b', '-a.example', '192.0.2.1', `${'a'.repeat(64)}.example`, 'in-addr.arpa'])(
    'the name %j is refused',
    async name => {
      const answer = await http.call(owner.identity, 'POST', `/service/${owner.serviceId}/dns`, { name })
      expect(answer.status).toBe(422)
      expect(answer.body.fields.name).toEqual(['dnserrhostname'])
    },
  )

  test("a name that a registry sells names below is nobody's zone", async () => {
    const answer = await http.call(owner.identity, 'POST', `/service/${owner.serviceId}/dns`, { name: 'co.uk' })
    expect(answer).toMatchObject({ status: 409, body: { error: ['dnszonetaken'] } })
  })

  test('a zone is listed under its service, and with all zones', async () => {
    const lister = await seedAccount(app)
    const { id, name } = await newZone('listed.example.org', lister)
    const expected = {
      service_ids: [lister.serviceId],
      zones: [{ domain_id: id, name, service_id: lister.serviceId }],
    }
    expect((await http.call(lister.identity, 'GET', '/dns')).body).toEqual(expected)
    expect((await http.call(lister.identity, 'GET', `/service/${lister.serviceId}/dns`)).body).toEqual(expected)
  })

  test('a page of zones says how many pages there are; without a page all are listed', async () => {
    const lister = await seedAccount(app)
    for (const label of ['a', 'b', 'c']) await newZone(`${label}.pages.example.org`, lister)
    const page = (await http.call(lister.identity, 'GET', '/dns?page=1&perpage=2')).body
    expect(page).toMatchObject({ zones: [{ name: 'c.pages.example.org' }], page: { current: 1, total: 2 } })
    const beyond = (await http.call(lister.identity, 'GET', `/service/${lister.serviceId}/dns?page=7&perpage=2`)).body
    expect(beyond).toEqual({ service_ids: [lister.serviceId], zones: [], page: { current: 7, total: 2 } })
    expect((await http.call(lister.identity, 'GET', '/dns')).body.zones).toHaveLength(3)
  })

  test('your own zone again is dnsdomain_exists, that of another or one above or below it dnszonetaken', async () => {
    await newZone('a.taken.example')
    const create = (who: Identity, serviceId: string, name: string) =>
      http.call(who, 'POST', `/service/${serviceId}/dns`, { name })
    expect((await create(owner.identity, owner.serviceId, 'a.taken.example')).body.error).toEqual(['dnsdomain_exists'])
    for (const name of ['a.taken.example', 'taken.example', 'x.y.a.taken.example']) {
      const answer = await create(stranger.identity, stranger.serviceId, name)
      expect([answer.status, answer.body.error]).toEqual([409, ['dnszonetaken']])
    }
    expect((await create(stranger.identity, stranger.serviceId, 'ba.taken.example')).status).toBe(200)
    expect((await create(owner.identity, owner.serviceId, 'b.a.taken.example')).status).toBe(200)
  })

  test('of parallel requests by two accounts for a name and names below it, one account gets all it gets', async () => {
    for (const round of Array.from({ length: 5 }, (_, at) => at)) {
      const names = [`race${round}.example`, `a.race${round}.example`, `b.a.race${round}.example`]
      await Promise.all(
        names.flatMap(name =>
          [owner, stranger].map(who => http.call(who.identity, 'POST', `/service/${who.serviceId}/dns`, { name })),
        ),
      )
      const owners = await app.db
        .selectFrom('dns_zone')
        .where('name', 'like', `%race${round}.example`)
        .select('account_id')
        .execute()
      expect(new Set(owners.map(row => row.account_id)).size).toBe(1)
    }
  })

  test('a service never has more zones than its limit, however many are asked for at once', async () => {
    const limited = await seedAccount(app)
    await app.db.updateTable('service').set({ dns_zone_limit: 3 }).where('id', '=', limited.serviceId).execute()
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, at) =>
        http.call(limited.identity, 'POST', `/service/${limited.serviceId}/dns`, { name: `limit${at}.example` }),
      ),
    )
    expect(answers.filter(answer => answer.status === 200)).toHaveLength(3)
    expect(answers.find(answer => answer.status !== 200)?.body.error).toEqual(['dnszone_limit'])
    const [zone] = (await http.call(limited.identity, 'GET', '/dns')).body.zones
    await http.call(limited.identity, 'DELETE', `/service/${limited.serviceId}/dns/${zone.domain_id}`)
    expect(await newZone('limit-again.example', limited)).toBeDefined()
  })

  test('a zone that is deleted is gone with its records, and starts above its last serial when it comes back', async () => {
    const zone = await newZone('again.example')
    await add(zone.path, { name: 'www', type: 'A', content: '192.0.2.1' })
    const answer = await http.call(owner.identity, 'DELETE', zone.path)
    expect(answer.body).toEqual({ success: true, info: ['dnszonedeleted', 'again.example'] })
    expect((await http.call(owner.identity, 'GET', zone.path)).status).toBe(404)
    expect((await http.call(owner.identity, 'DELETE', zone.path)).status).toBe(404)
    expect(await app.db.selectFrom('dns_record').where('zone_id', '=', zone.id).select('id').execute()).toEqual([])
    const again = await newZone('again.example')
    expect(await serialOf(again.id)).toBeGreaterThan(await serialOf(zone.id))
  })
})

describe('records', () => {
  test('a record is echoed as it was sent, with its id, and listed in canonical form', async () => {
    const { path, name } = await newZone()
    const sent = { name: `WWW.${name}.`, type: 'aaaa', ttl: '600', content: '2001:DB8:0::1' }
    const created = await add(path, sent)
    expect(created.body).toEqual({
      success: true,
      record: {
        id: expect.any(String),
        name: sent.name,
        type: 'aaaa',
        ttl: '600',
        priority: '0',
        content: sent.content,
      },
      info: ['dnsnewrecordadded', 'AAAA'],
    })
    expect(created.etag).toBe('"2"')
    expect((await recordsOf(path)).at(-1)).toEqual({
      id: created.body.record.id,
      name: 'www',
      type: 'AAAA',
      content: '2001:db8::1',
      ttl: 600,
      priority: 0,
    })
  })

  test.each([
    ['SRV', { name: '_sip._tcp', priority: 10, content: [5, 5060, 'sip.example.net'] }, '5 5060 sip.example.net'],
    ['MX', { name: '@', priority: 10, content: 'mail.example.net.' }, 'mail.example.net'],
    ['TXT', { name: '', content: 'v=spf1 -all' }, 'v=spf1 -all'],
    ['TXT', { name: 'q', content: '"v=DKIM1; " "p=abc"' }, 'v=DKIM1; p=abc'],
  ])('the content of %s %j is listed as %j', async (type, record, content) => {
    const { path } = await newZone()
    const { status, body } = await add(path, { ...record, type })
    expect([status, body.record?.content]).toEqual([200, record.content])
    expect((await recordsOf(path)).at(-1)).toMatchObject({ type, content })
  })

  test('a field that is not sent stays as it is', async () => {
    const { path } = await newZone()
    const { body } = await add(path, { name: 'mail', type: 'MX', ttl: 900, priority: 10, content: 'mx1.example.net' })
    const { id } = body.record
    const changed = await http.call(owner.identity, 'PUT', `${path}/records/${id}`, { content: 'mx2.example.net' })
    expect(changed.body).toEqual({
      success: true,
      record: { id, type: 'MX', ttl: '900', name: 'mail', priority: 10, content: 'mx2.example.net' },
      info: ['dnsrecordupdated'],
    })
    expect((await recordsOf(path)).at(-1)).toMatchObject({ content: 'mx2.example.net', priority: 10, ttl: 900 })
  })

  test('a record that changes its name and type leaves nothing behind', async () => {
    const { path } = await newZone()
    const { body } = await add(path, { name: 'old', type: 'A', content: '192.0.2.1' })
    const change = { name: 'new', type: 'TXT', content: 'hello' }
    expect((await http.call(owner.identity, 'PUT', `${path}/records/${body.record.id}`, change)).status).toBe(200)
    expect((await recordsOf(path)).slice(2)).toEqual([{ id: body.record.id, ...change, ttl: 3600, priority: 0 }])
    expect((await add(path, { name: 'old', type: 'CNAME', content: 'www.example.net' })).status).toBe(200)
  })

  test('a deleted record is gone, and deleting it again is 404', async () => {
    const { path } = await newZone()
    const { body } = await add(path, { name: 'www', type: 'A', content: '192.0.2.1' })
    expect((await http.call(owner.identity, 'DELETE', `${path}/records/${body.record.id}`)).body).toEqual({
      success: true,
    })
    expect((await http.call(owner.identity, 'DELETE', `${path}/records/${body.record.id}`)).status).toBe(404)
    expect(await recordsOf(path)).toHaveLength(2)
  })

  test('the TTL that is set last is that of the whole set', async () => {
    const { path } = await newZone()
    const first = await add(path, { name: 'www', type: 'A', ttl: 600, content: '192.0.2.1' })
    await add(path, { name: 'www', type: 'A', ttl: 1200, content: '192.0.2.2' })
    expect((await recordsOf(path)).slice(2).map(record => record.ttl)).toEqual([1200, 1200])
    await http.call(owner.identity, 'PUT', `${path}/records/${first.body.record.id}`, { ttl: 60 })
    expect((await recordsOf(path)).slice(2).map(record => record.ttl)).toEqual([60, 60])
  })

  test.each([
    [{ name: 'a', type: 'A', content: '192.0.2.01' }, 422, 'dnserripv4', 'content'],
    [{ name: 'a', type: 'A', ttl: 5, content: '192.0.2.1' }, 422, 'dnserrinv_ttl', 'ttl'],
    [{ name: 'a', type: 'MX', content: 'mail.example.net' }, 422, 'dnserrmx_prio', 'priority'],
    [{ name: 'a', type: 'SPF', content: 'x' }, 422, 'dnsnotvalidtype', 'type'],
    [{ name: 'a b', type: 'A', content: '192.0.2.1' }, 422, 'dnserrhostname', 'name'],
    [{ name: '', type: 'CNAME', content: 'www.example.net' }, 422, 'dnserrcname', 'name'],
    [{ name: 'x', type: 'SRV', priority: 1, content: [1, 1, 'a.example.net'] }, 422, 'dnserrsrv_name', 'name'],
  ])('%j is refused with %i %s on %s', async (record, status, code, field) => {
    const { path } = await newZone()
    const answer = await add(path, record)
    expect(answer).toMatchObject({ status, body: { success: false, error: [code], fields: { [field]: [code] } } })
    expect(await recordsOf(path)).toHaveLength(2)
  })

  test('a refused change leaves version and serial as they were', async () => {
    const { path, id } = await newZone()
    const before = await serialOf(id)
    await add(path, { name: 'a', type: 'A', content: 'nonsense' })
    expect((await http.call(owner.identity, 'GET', path)).etag).toBe('"1"')
    expect(await serialOf(id)).toBe(before)
  })

  test('the same record twice is a conflict', async () => {
    const { path } = await newZone()
    await add(path, { name: 'www', type: 'A', content: '192.0.2.1' })
    expect((await add(path, { name: 'WWW', type: 'A', content: '192.0.2.1' })).body).toEqual({
      success: false,
      error: ['conflict'],
    })
  })

  test('the last name server of a zone stays', async () => {
    const { path } = await newZone()
    const [first, last] = await recordsOf(path)
    expect((await http.call(owner.identity, 'DELETE', `${path}/records/${first?.id}`)).status).toBe(200)
    expect((await http.call(owner.identity, 'DELETE', `${path}/records/${last?.id}`)).body.error).toEqual(['conflict'])
  })

  test('a page of records comes with the number of pages', async () => {
    const { path } = await newZone()
    await add(path, { name: 'www', type: 'A', content: '192.0.2.1' })
    const page = (await http.call(owner.identity, 'GET', `${path}?page=1&perpage=2`)).body
    expect(page).toMatchObject({ records: [{ name: 'www' }], page: { current: 1, total: 2 } })
    expect((await http.call(owner.identity, 'GET', `${path}?page=9&perpage=2`)).body).toMatchObject({
      records: [],
      page: { current: 9, total: 2 },
    })
  })
})

describe('who may', () => {
  test("another account's zone, record and service answer as missing ones", async () => {
    const { path } = await newZone()
    const { body } = await add(path, { name: 'www', type: 'A', content: '192.0.2.1' })
    const record = { name: 'x', type: 'A', content: '192.0.2.1' }
    const calls = [
      ['GET', path],
      ['DELETE', path],
      ['POST', `${path}/records`, record],
      ['PUT', `${path}/records/${body.record.id}`, record],
      ['DELETE', `${path}/records/${body.record.id}`],
      ['GET', `/service/${owner.serviceId}/dns`],
      ['POST', `/service/${owner.serviceId}/dns`, { name: 'stolen.example' }],
    ] as const
    for (const [method, url, payload] of calls) {
      const answer = await http.call(stranger.identity, method, url, payload)
      expect([method, url, answer.status, answer.body]).toEqual([
        method,
        url,
        404,
        { success: false, error: ['not_found'] },
      ])
    }
    const through = path.replace(`/service/${owner.serviceId}/`, `/service/${stranger.serviceId}/`)
    expect((await http.call(stranger.identity, 'GET', through)).status).toBe(404)
    expect((await recordsOf(path)).at(-1)?.name).toBe('www')
  })

  test('a record of another zone is missing in this one', async () => {
    const [one, two] = [await newZone(), await newZone()]
    const { body } = await add(one.path, { name: 'www', type: 'A', content: '192.0.2.1' })
    expect((await http.call(owner.identity, 'DELETE', `${two.path}/records/${body.record.id}`)).status).toBe(404)
  })

  test('a contact sees the zones of the services it may do DNS on', async () => {
    const boss = await seedAccount(app)
    const { product_id } = await app.db
      .selectFrom('service')
      .where('id', '=', boss.serviceId)
      .select('product_id')
      .executeTakeFirstOrThrow()
    const second = await app.db
      .insertInto('service')
      .values({ account_id: boss.accountId, product_id, status: 'Active', created_at: app.clock.now() })
      .returning('id')
      .executeTakeFirstOrThrow()
    await newZone('first.example', boss)
    await newZone('second.example', { ...boss, serviceId: second.id })
    const contact = {
      ...boss.identity,
      owner: false,
      profileId: 'contact',
      privileges: { services: { [second.id]: ['dns'], [boss.serviceId]: ['basic'] } },
    }
    const { body } = await http.call(contact, 'GET', '/dns')
    expect(body.service_ids).toEqual([second.id])
    expect(body.zones.map((zone: { name: string }) => zone.name)).toEqual(['second.example'])
    expect((await http.call(contact, 'GET', `/service/${boss.serviceId}/dns`)).status).toBe(404)
    const nobody = { ...contact, profileId: 'nobody', privileges: {} }
    expect((await http.call(nobody, 'GET', '/dns')).body).toEqual({ service_ids: [], zones: [] })
  })

  test('a service without DNS has no such method', async () => {
    const other = await seedAccount(app)
    await app.db
      .updateTable('product')
      .set({ features: [] })
      .where('id', '=', eb => eb.selectFrom('service').select('product_id').where('id', '=', other.serviceId))
      .execute()
    for (const [method, url, payload] of [
      ['GET', `/service/${other.serviceId}/dns`, undefined],
      ['POST', `/service/${other.serviceId}/dns`, { name: 'none.example' }],
      ['GET', `/service/${other.serviceId}/dns/1`, undefined],
      ['POST', `/service/${other.serviceId}/dns/1/records`, { name: 'a', type: 'A', content: '192.0.2.1' }],
    ] as const) {
      expect((await http.call(other.identity, method, url, payload)).body.error).toEqual(['invalid method'])
    }
  })

  test('what hangs on a suspended service can be read and not changed', async () => {
    const debtor = await seedAccount(app)
    const { path } = await newZone('debt.example', debtor)
    await app.db.updateTable('service').set({ status: 'Suspended' }).where('id', '=', debtor.serviceId).execute()
    expect((await http.call(debtor.identity, 'GET', path)).status).toBe(200)
    for (const [method, url, payload] of [
      ['POST', `/service/${debtor.serviceId}/dns`, { name: 'more.example' }],
      ['POST', `${path}/records`, { name: 'a', type: 'A', content: '192.0.2.1' }],
      ['DELETE', path, undefined],
    ] as const) {
      const answer = await http.call(debtor.identity, method, url, payload)
      expect([answer.status, answer.body.error]).toEqual([409, ['conflict', 'Suspended']])
    }
  })
})

describe('If-Match', () => {
  test.each([
    ['"1"', 200],
    ['*', 200],
    ['"9", "1"', 200],
    ['"2"', 412],
    ['"0"', 412],
    ['W/"1"', 412],
    ['""', 412],
  ])('%s on version 1 answers %i', async (ifMatch, status) => {
    const { path } = await newZone()
    const record = { name: 'www', type: 'A', content: '192.0.2.1' }
    const answer = await add(path, record, { 'if-match': ifMatch })
    expect(answer.status).toBe(status)
    if (status === 412) expect(answer.body).toEqual({ success: false, error: ['precondition_failed'] })
  })

  test('of two changes to the same version one is refused', async () => {
    const { path } = await newZone()
    const answers = await Promise.all(
      ['a', 'b'].map(name => add(path, { name, type: 'A', content: '192.0.2.1' }, { 'if-match': '"1"' })),
    )
    expect(answers.map(answer => answer.status).sort()).toEqual([200, 412])
  })
})

describe('at once', () => {
  test('a CNAME and addresses at one name never stand together', async () => {
    const { path } = await newZone()
    for (const round of ['r1', 'r2', 'r3']) {
      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, at) =>
          add(
            path,
            at % 2 === 0
              ? { name: round, type: 'CNAME', content: 'www.example.net' }
              : { name: round, type: 'A', content: `192.0.2.${at}` },
          ),
        ),
      )
      expect(answers.every(answer => [200, 409, 422].includes(answer.status))).toBe(true)
      const types = (await recordsOf(path)).filter(record => record.name === round).map(record => record.type)
      expect([['CNAME'], Array.from({ length: 10 }, () => 'A')]).toContainEqual(types)
    }
  })

  test('each change has a version and a serial of its own', async () => {
    const { path, id } = await newZone()
    const first = await serialOf(id)
    const answers = await Promise.all(
      Array.from({ length: 25 }, (_, at) => add(path, { name: `n${at}`, type: 'A', content: '192.0.2.1' })),
    )
    expect(new Set(answers.map(answer => answer.etag))).toEqual(
      new Set(Array.from({ length: 25 }, (_, at) => `"${at + 2}"`)),
    )
    expect(await serialOf(id)).toBe(first + 25)
  })

  test('a change by another node is seen by the next one here', async () => {
    const other = dnsHttp(app)
    const { path } = await newZone()
    await add(path, { name: 'one', type: 'A', content: '192.0.2.1' })
    const cname = { name: 'shared', type: 'CNAME', content: 'www.example.net' }
    expect((await other.call(owner.identity, 'POST', `${path}/records`, cname)).status).toBe(200)
    const clash = await add(path, { name: 'shared', type: 'A', content: '192.0.2.1' })
    expect(clash.body.error).toEqual(['dnserrcname_exists'])
    await other.close()
  })

  test('the serial wraps past zero', async () => {
    const { path, id } = await newZone()
    await app.db.updateTable('dns_zone').set({ serial: 4294967295 }).where('id', '=', id).execute()
    await add(path, { name: 'www', type: 'A', content: '192.0.2.1' })
    expect(await serialOf(id)).toBe(1)
  })
})

test('every change leaves a line in the log of the account', async () => {
  const { path, id } = await newZone('logged.example')
  const { body } = await add(path, { name: 'www', type: 'A', content: '192.0.2.1' })
  await http.call(owner.identity, 'PUT', `${path}/records/${body.record.id}`, { content: '192.0.2.2' })
  await http.call(owner.identity, 'DELETE', `${path}/records/${body.record.id}`)
  await http.call(owner.identity, 'DELETE', path)
  const rows = await app.db
    .selectFrom('audit')
    .selectAll()
    .where('account_id', '=', owner.accountId)
    .orderBy('id')
    .execute()
  const mine = rows.filter(row => (row.detail as { zone_id?: string }).zone_id === id)
  expect(mine.map(row => row.event)).toEqual([
    'dns.zone.create',
    'dns.record.create',
    'dns.record.update',
    'dns.record.delete',
    'dns.zone.delete',
  ])
  expect(mine.map(row => (row.detail as { record_id?: string }).record_id)).toEqual([
    undefined,
    body.record.id,
    body.record.id,
    body.record.id,
    undefined,
  ])
  expect(mine.every(row => row.actor === owner.email)).toBe(true)
})

test.each([
  ['listing zones', 1, () => http.call(owner.identity, 'GET', '/dns')],
  ['reading a zone', 1, (path: string) => http.call(owner.identity, 'GET', path)],
  ['adding a record', 4, (path: string) => add(path, { name: 'counted', type: 'A', content: '192.0.2.9' })],
  [
    'changing a record',
    4,
    (path: string, id: string) => http.call(owner.identity, 'PUT', `${path}/records/${id}`, { ttl: 77 }),
  ],
  ['removing a record', 4, (path: string, id: string) => http.call(owner.identity, 'DELETE', `${path}/records/${id}`)],
])('%s takes %i statements', async (_what, count, act) => {
  const { path } = await newZone()
  const { body } = await add(path, { name: 'first', type: 'A', content: '192.0.2.1' })
  const { queries, result } = await recordQueries(() => act(path, body.record.id))
  expect(result.status).toBe(200)
  expect(queries.filter(text => !text.includes('pg_notify'))).toHaveLength(count)
})
