import { afterAll, describe, expect, test } from 'vitest'
import { dnsFixture, dnsHttp } from '../../../test/dns.ts'
import { recordQueries } from '../../db/query-log.ts'

const fixture = await dnsFixture()
const { app, http, owner, newZone, add, recordsOf, serialOf } = fixture
afterAll(fixture.close)

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
  ['adding a record', 1, (path: string) => add(path, { name: 'counted', type: 'A', content: '192.0.2.9' })],
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
