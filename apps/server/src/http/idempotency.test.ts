import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { everyone, InText, signedIn } from '@innkeeper/contract'
import type { FastifyInstance } from 'fastify'
import { sql } from 'kysely'
import { Type } from 'typebox'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type TestApp, testApp } from '../../test/app.ts'
import { testOperation } from '../../test/operations.ts'
import { seedAccount } from '../../test/seed.ts'
import { userHttp } from '../../test/user-http.ts'
import { fixedClock } from '../clock.ts'
import type { Context, Identity } from '../context.ts'
import { auditRow } from '../modules/audit/index.ts'
import { Refusal } from '../refusal.ts'

const clock = fixedClock(new Date('2026-11-01T12:00:00Z'))
const input = { name: Type.Optional(InText()), refuse: Type.Optional(InText()), map: Type.Optional(Type.Unknown()) }
const reply = Type.Object({ secret: Type.String(), name: Type.String() })
let app: TestApp
let server: FastifyInstance
let ada: Identity
let bob: Identity
let current: Identity
let gate: Promise<void> | undefined
let openMeanwhile: number | undefined

beforeAll(async () => {
  app = await testApp({ databasePoolSize: 10 }, clock)
  ada = (await seedAccount(app)).identity
  bob = (await seedAccount(app)).identity
  let count = 0
  const handle = async (ctx: Context, sent: Readonly<Record<string, unknown>>) => {
    const tx = await ctx.begin()
    await tx
      .insertInto('audit')
      .values(auditRow(ctx, { event: 'made', description: '', accountId: null }))
      .execute()
    await gate
    if (sent.refuse !== undefined) throw new Refusal('conflict')
    ctx.setHeader('etag', '"7"')
    return { secret: `s3cr3t-${++count}`, name: String(sent.name ?? '') }
  }
  server = userHttp(
    app,
    [
      { operation: testOperation({ path: '/things', access: signedIn, input, reply }), handle },
      { operation: testOperation({ path: '/others', access: signedIn, input, reply }), handle },
      {
        operation: testOperation({ path: '/outside', access: signedIn, input, reply, asksOutside: true }),
        async handle(ctx, sent) {
          openMeanwhile = await openTransactions()
          return handle(ctx, sent)
        },
      },
      { operation: testOperation({ path: '/public', access: everyone, input, reply }), handle },
      { operation: testOperation({ path: '/things', method: 'GET', access: signedIn, input, reply }), handle },
    ],
    async () => current,
  )
})
afterAll(async () => {
  await server.close()
  await app.close()
})
beforeEach(async () => {
  current = ada
  gate = undefined
  await app.db.deleteFrom('audit').execute()
  await app.db.deleteFrom('idempotent_answer').execute()
})

async function post(key: string, payload: object = {}, url = '/api/things', method: 'POST' | 'GET' = 'POST') {
  return await server.inject({ method, url, payload, headers: { 'idempotency-key': key } }) // starts when awaited
}
async function openTransactions() {
  const { rows } = await sql<{ count: string }>`select count(*) from pg_stat_activity
    where datname = current_database() and state = 'idle in transaction'`.execute(app.db)
  return Number(rows[0]?.count)
}
async function effects() {
  return (await app.db.selectFrom('audit').select('id').execute()).length
}

test('the same request with the same key has one effect and one answer, header and all', async () => {
  const first = await post('k1', { name: 'a', map: { x: 1, y: 2 } })
  const second = await post('k1', { map: { y: 2, x: 1 }, name: 'a' })
  expect(first.headers['idempotency-replayed']).toBeUndefined()
  expect(second.headers['idempotency-replayed']).toBe('true')
  expect([second.statusCode, second.body, second.headers.etag]).toEqual([200, first.body, '"7"'])
  expect(second.headers['content-type']).toBe('application/json; charset=utf-8')
  expect(await effects()).toBe(1)
})

test.each([
  ['another body', { name: 'b' }, '/api/things'],
  ['another operation', { name: 'a' }, '/api/others'],
])('the same key for %s is refused', async (_what, payload, url) => {
  await post('k1', { name: 'a' })
  const answer = await post('k1', payload, url)
  expect([answer.statusCode, answer.json().error]).toEqual([422, ['idempotency_key_reused']])
  expect(await effects()).toBe(1)
})

test('the keys of two accounts are strangers, and two people of one account do not see each other\u2019s answers', async () => {
  await post('k1')
  current = bob
  expect((await post('k1')).headers['idempotency-replayed']).toBeUndefined()
  current = { ...ada, profileId: bob.profileId }
  expect((await post('k1')).json().error).toEqual(['idempotency_key_reused'])
  expect(await effects()).toBe(2)
})

test('without an identity the key belongs to the address', async () => {
  const first = await post('k1', {}, '/api/public')
  expect((await post('k1', {}, '/api/public')).body).toBe(first.body)
  const elsewhere = await server.inject({
    method: 'POST',
    url: '/api/public',
    headers: { 'idempotency-key': 'k1' },
    remoteAddress: '192.0.2.9',
  })
  expect(elsewhere.headers['idempotency-replayed']).toBeUndefined()
})

test('while a request runs, the same key is in flight, and who waits too long is told so', async () => {
  let open: () => void = () => {}
  gate = new Promise(resolve => {
    open = resolve
  })
  const running = post('k1')
  const told = async () => (await post('k1')).json().error
  await expect.poll(told, { timeout: 15_000 }).toEqual(['idempotency_in_flight'])
  open()
  expect((await running).statusCode).toBe(200)
  expect((await post('k1')).headers['idempotency-replayed']).toBe('true')
}, 20_000)

test('while a request asks another system its key holds no transaction, and its answer is kept all the same', async () => {
  const first = await post('k1', {}, '/api/outside')
  expect(openMeanwhile).toBe(0)
  const second = await post('k1', {}, '/api/outside')
  expect([second.headers['idempotency-replayed'], second.body]).toEqual(['true', first.body])
  expect((await post('k1', { name: 'b' }, '/api/outside')).json().error).toEqual(['idempotency_key_reused'])
  expect(await effects()).toBe(1)
})

test('an answer stored while the request ran is the one that counts, and the request leaves nothing', async () => {
  const first = await post('k1')
  const row = await app.db.selectFrom('idempotent_answer').selectAll().executeTakeFirstOrThrow()
  await app.db.deleteFrom('idempotent_answer').execute()
  // The lock keeps requests apart; this stands for a row that comes from elsewhere, a restored backup for one.
  gate = app.db
    .insertInto('idempotent_answer')
    .values(row)
    .execute()
    .then(() => {})
  const second = await post('k1')
  expect([second.headers['idempotency-replayed'], second.body]).toEqual(['true', first.body])
  expect(await effects()).toBe(1)
})

test('twenty equal requests at once have one effect; each is answered with it or told to wait', async () => {
  const answers = await Promise.all(Array.from({ length: 20 }, () => post('burst', { name: 'a' })))
  const done = answers.filter(answer => answer.statusCode === 200)
  expect(new Set(done.map(answer => answer.body)).size).toBe(1)
  for (const answer of answers) {
    if (answer.statusCode !== 200)
      expect([answer.statusCode, answer.json().error]).toEqual([409, ['idempotency_in_flight']])
  }
  expect(await effects()).toBe(1)
})

test('a refused request keeps nothing, so the key can be used again', async () => {
  expect((await post('k1', { refuse: 'yes' })).statusCode).toBe(409)
  expect((await post('k1', { name: 'a' })).statusCode).toBe(200)
  expect(await effects()).toBe(1)
})

test('after 24 hours a key is new again', async () => {
  const first = await post('k1')
  clock.advance(24 * 3_600_000 - 1000)
  expect((await post('k1')).body).toBe(first.body)
  clock.advance(2000)
  const later = await post('k1')
  expect([later.headers['idempotency-replayed'], later.body === first.body]).toEqual([undefined, false])
  expect((await post('k1')).body).toBe(later.body)
  expect(await effects()).toBe(2)
})

test.each([[''], ['a'.repeat(256)], ['has space'], ['ümlaut']])('the key %j is not one', async key => {
  const answer = await post(key)
  expect([answer.statusCode, answer.json().error]).toEqual([400, ['bad_request']])
})

test('a GET does not look at the key', async () => {
  await post('k1', {}, '/api/things', 'GET')
  expect((await post('k1', {}, '/api/things', 'GET')).headers['idempotency-replayed']).toBeUndefined()
})

test('answers are encrypted where they are kept', async () => {
  await post('k1', { name: 'visible?' })
  const row = await app.db.selectFrom('idempotent_answer').selectAll().executeTakeFirstOrThrow()
  expect(row.answer.toString('latin1')).not.toMatch(/s3cr3t|visible/)
})

describe('a server that is killed between the commit and the reply', () => {
  test('answers the same key with the stored answer after its restart, and the change is there once', async () => {
    const { url, exited } = await crashingServer()
    const send = (base: string) =>
      fetch(`${base}/api/things`, {
        method: 'POST',
        headers: { 'idempotency-key': 'crash-1', 'content-type': 'application/json' },
        body: '{"name":"a"}',
      })
    await expect(send(url)).rejects.toThrow()
    expect(await exited).toBe('SIGKILL')
    expect(await effects()).toBe(1)
    const again = await post('crash-1', { name: 'a' })
    expect([again.statusCode, again.headers['idempotency-replayed']]).toEqual([200, 'true'])
    expect(again.json()).toMatchObject({ success: true, secret: 'from the killed server' })
    expect(await effects()).toBe(1)
  })

  async function crashingServer() {
    const script = fileURLToPath(new URL('../../test/crashing-server.ts', import.meta.url))
    const settings = JSON.stringify({ connection: app.connection, identity: ada, at: clock.now() })
    const child = spawn(process.execPath, ['--import', 'tsx', script, settings], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const exited = once(child, 'exit').then(([, signal]) => signal as string)
    const [url] = (await once(createInterface(child.stdout), 'line')) as [string]
    return { url, exited }
  }
})
