import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { everyone } from '@innkeeper/contract'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestApp, testApp } from '../../test/app.ts'
import { testOperation } from '../../test/operations.ts'
import { userHttp } from '../../test/user-http.ts'
import { waitFor } from '../../test/wait-for.ts'
import { type Db, openDatabase } from '../db/database.ts'
import { type EmbeddedServer, startEmbedded } from '../db/embedded/server.ts'

let folder: string
let app: TestApp
let postgres: EmbeddedServer
let db: Db

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'innkeeper-outage-'))
  app = await testApp()
  postgres = await startEmbedded(folder, { durable: false })
  db = openDatabase(postgres.connection)
})
afterAll(async () => {
  await db.destroy()
  await postgres.stop()
  await app.close()
  await rm(folder, { recursive: true })
})

test('while PostgreSQL restarts, requests are told to come back in a second, and then succeed', async () => {
  const server = userHttp(
    { ...app, db },
    [
      {
        operation: testOperation({ path: '/read', method: 'GET', access: everyone }),
        handle: async ctx => {
          await sql`select 1`.execute(ctx.db)
          return {}
        },
      },
      {
        operation: testOperation({ path: '/change', access: everyone }),
        handle: async ctx => {
          const tx = await ctx.begin()
          await sql`select 1`.execute(tx)
          await postgres.stop()
          await sql`select 1`.execute(tx)
          return {}
        },
      },
    ],
    async () => undefined,
  )
  const read = () => server.inject('/api/read')
  expect((await read()).statusCode).toBe(200)
  const answers = [await server.inject({ method: 'POST', url: '/api/change' }), await read(), await read()]
  for (const answer of answers) {
    expect([answer.statusCode, answer.json(), answer.headers['retry-after']]).toEqual([
      503,
      { success: false, error: ['temporarily_unavailable'] },
      '1',
    ])
  }
  postgres = await startEmbedded(folder, { durable: false })
  await waitFor(async () => (await read()).statusCode === 200)
  await server.close()
})
