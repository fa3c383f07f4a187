import { signedIn } from '@innkeeper/contract'
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type TestApp, testApp } from '../../test/app.ts'
import { testOperation } from '../../test/operations.ts'
import { seedAccount } from '../../test/seed.ts'
import { userHttp } from '../../test/user-http.ts'
import type { Context, Identity } from '../context.ts'
import { auditRow } from '../modules/audit/index.ts'
import { Refusal } from '../refusal.ts'

let app: TestApp
let identity: Identity
let server: FastifyInstance
let work: (ctx: Context) => Promise<void> = async () => {}

beforeAll(async () => {
  app = await testApp({ databasePoolSize: 4 })
  identity = (await seedAccount(app)).identity
  const reply = Type.Object({ note: Type.Optional(Type.String()) })
  const handle = async (ctx: Context) => {
    await work(ctx)
    return {}
  }
  server = userHttp(
    app,
    [{ operation: testOperation({ path: '/try', access: signedIn, reply }), handle }],
    async () => identity,
  )
})
afterAll(async () => {
  await server.close()
  await app.close()
})
beforeEach(async () => {
  await app.db.deleteFrom('audit').execute()
})

const call = () => server.inject({ method: 'POST', url: '/api/try' })
async function write(ctx: Context, event: string) {
  const tx = await ctx.begin()
  await tx
    .insertInto('audit')
    .values(auditRow(ctx, { event, description: '', accountId: null }))
    .execute()
}
async function events() {
  return (await app.db.selectFrom('audit').select('event').orderBy('id').execute()).map(row => row.event)
}

test('what a handler wrote is committed with its answer, and the actions run after that', async () => {
  const order: string[] = []
  work = async ctx => {
    const [one, two] = await Promise.all([ctx.begin(), ctx.begin()])
    expect(one).toBe(two)
    ctx.afterCommit(() => void order.push('after'))
    ctx.afterCommit(() => {
      throw new Error('must not reach the client')
    })
    await write(ctx, 'kept')
    order.push('handler')
  }
  expect((await call()).json()).toEqual({ success: true })
  expect([await events(), order]).toEqual([['kept'], ['handler', 'after']])
})

test.each([
  ['a refusal', new Refusal('conflict'), 409, 'conflict'],
  ['an error of ours', new Error('boom: secret'), 500, 'internal_error'],
])('after %s nothing is left, and no action runs', async (_what, error, status, code) => {
  let ran = false
  work = async ctx => {
    ctx.afterCommit(() => {
      ran = true
    })
    await write(ctx, 'lost')
    throw error
  }
  const answer = await call()
  expect([answer.statusCode, answer.json()]).toEqual([status, { success: false, error: [code] }])
  expect([await events(), ran]).toEqual([[], false])
})

test('a transaction that PostgreSQL asks to repeat is repeated, and its first run leaves nothing', async () => {
  let runs = 0
  work = async ctx => {
    runs++
    ctx.setHeader('x-run', String(runs))
    await write(ctx, `run ${runs}`)
    if (runs < 3) throw Object.assign(new Error('serialization'), { code: '40001' })
  }
  const answer = await call()
  expect([answer.statusCode, answer.headers['x-run']]).toEqual([200, '3'])
  expect(await events()).toEqual(['run 3'])
})

test('one that never succeeds ends as a conflict', async () => {
  work = async () => {
    throw Object.assign(new Error('deadlock'), { code: '40P01' })
  }
  expect((await call()).json()).toEqual({ success: false, error: ['conflict'] })
})

test('a handler cannot break out of a header', async () => {
  work = async ctx => {
    ctx.setHeader('etag', '"1"\r\nset-cookie: a=b\0é')
  }
  const answer = await call()
  expect([answer.statusCode, answer.headers.etag, answer.headers['set-cookie']]).toEqual([
    200,
    '"1"set-cookie: a=b',
    undefined,
  ])
})

test('more open transactions than connections wait for each other instead of for ever', async () => {
  work = async ctx => {
    await write(ctx, 'burst')
    await ctx.db.selectFrom('account').select('id').execute() // needs a second connection
  }
  const answers = await Promise.all(Array.from({ length: 40 }, call))
  expect(answers.map(answer => answer.statusCode)).toEqual(Array(40).fill(200))
  expect(await events()).toHaveLength(40)
})

test('a connection that dies in the middle costs one answer, not the pool', async () => {
  work = async ctx => {
    const tx = await ctx.begin()
    await tx.selectNoFrom(eb => eb.fn('pg_terminate_backend', [eb.fn('pg_backend_pid')]).as('gone')).execute()
  }
  const statuses = []
  for (let i = 0; i < 8; i++) statuses.push((await call()).statusCode)
  expect(statuses).toEqual(Array(8).fill(503))
  work = async ctx => write(ctx, 'alive')
  expect((await call()).statusCode).toBe(200)
})

test("a caller's X-Request-Id is kept if it is one, and replaced if not", async () => {
  work = async () => {}
  const sent = async (id: string) =>
    (await server.inject({ method: 'POST', url: '/api/try', headers: { 'x-request-id': id } })).headers['x-request-id']
  expect(await sent('order-42.retry_1')).toBe('order-42.retry_1')
  for (const bad of ['short', 'a'.repeat(65), 'has space in it', '<script>alert</script>']) {
    expect(await sent(bad)).toMatch(/^[0-9a-f-]{36}$/)
  }
})
