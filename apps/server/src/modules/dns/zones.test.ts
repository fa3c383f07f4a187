import { afterAll, describe, expect, test } from 'vitest'
import { dnsFixture } from '../../../test/dns.ts'
import { seedAccount } from '../../../test/seed.ts'
import type { Identity } from '../../context.ts'

const fixture = await dnsFixture()
const { app, http, owner, stranger, newZone, add, serialOf } = fixture
afterAll(fixture.close)

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
