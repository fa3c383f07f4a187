import { afterAll, describe, expect, test } from 'vitest'
import { dnsFixture } from '../../../test/dns.ts'

const fixture = await dnsFixture()
const { http, owner, newZone, add, recordsOf, serialOf } = fixture
afterAll(fixture.close)

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
