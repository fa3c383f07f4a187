import { afterAll, describe, expect, test } from 'vitest'
import { dnsFixture } from '../../../test/dns.ts'
import { seedAccount } from '../../../test/seed.ts'

const fixture = await dnsFixture()
const { app, http, owner, stranger, newZone, add, recordsOf } = fixture
afterAll(fixture.close)

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
