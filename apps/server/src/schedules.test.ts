import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestApp, testApp } from '../test/app.ts'
import { seedAccount } from '../test/seed.ts'
import { waitFor } from '../test/wait-for.ts'
import { fixedClock } from './clock.ts'
import { runSql } from './db/database.ts'
import { enqueue, type JobOutcome, startWorker } from './jobs/index.ts'
import { schedules } from './schedules.ts'

const clock = fixedClock(new Date('2026-03-01T12:00:00Z'))
const ago = (hours: number) => new Date(clock.now().getTime() - hours * 3_600_000)
let app: TestApp
beforeAll(async () => {
  app = await testApp({}, clock)
})
afterAll(() => app.close())

/** Runs everything that runs by the clock, as the worker does. */
async function sweep(): Promise<void> {
  const outcomes: JobOutcome[] = []
  const jobs = schedules.map(({ job }) => job)
  const worker = await startWorker(app, app.connection, jobs, [], { onOutcome: outcome => outcomes.push(outcome) })
  await app.db.transaction().execute(async tx => {
    for (const job of jobs) await enqueue(tx, job, {})
  })
  await waitFor(() => outcomes.length === jobs.length)
  await worker.stop()
  expect(outcomes.map(({ result }) => result)).toEqual(jobs.map(() => 'done'))
}

test('answers to repeated requests are kept a day', async () => {
  const answer = { scope: 'account:1', fingerprint: Buffer.alloc(32), status: 200, answer: Buffer.alloc(1) }
  await app.db
    .insertInto('idempotent_answer')
    .values([
      { ...answer, key: 'old', created_at: ago(25) },
      { ...answer, key: 'young', created_at: ago(23) },
    ])
    .execute()
  await sweep()
  expect(await app.db.selectFrom('idempotent_answer').select('key').execute()).toEqual([{ key: 'young' }])
})

test('a deleted zone is kept thirty days, then it goes with all that hangs on it; living zones stay', async () => {
  const { accountId, serviceId } = await seedAccount(app)
  const zone = { account_id: accountId, service_id: serviceId, serial: '1', changed_at: ago(0), created_at: ago(900) }
  const zones = await app.db
    .insertInto('dns_zone')
    .values([
      { ...zone, name: 'old.example.org', deleted_at: ago(24 * 31) },
      { ...zone, name: 'young.example.org', deleted_at: ago(24 * 29) },
      { ...zone, name: 'living.example.org', deleted_at: null },
    ])
    .returning('id')
    .execute()
  await runSql(
    app.db,
    `insert into dns_publish_failure select 'one', id, 1, 1, 'down', $1 from dns_zone where id = any($2)`,
    [ago(0), zones.map(({ id }) => id)],
  )
  await sweep()
  const left = await app.db.selectFrom('dns_zone').select('name').orderBy('id').execute()
  expect(left.map(({ name }) => name)).toEqual(['young.example.org', 'living.example.org'])
})

test('ended sessions go, those that can still be renewed stay', async () => {
  const { accountId, profileId } = await seedAccount(app)
  const session = { account_id: accountId, profile_id: profileId, address: '192.0.2.1', created_at: ago(5_000) }
  await app.db
    .insertInto('session')
    .values([
      { ...session, id: '00000000-0000-4000-8000-000000000001', expires_at: ago(24 * 60) },
      { ...session, id: '00000000-0000-4000-8000-000000000002', expires_at: ago(-1) },
    ])
    .execute()
  await sweep()
  const left = await app.db.selectFrom('session').select('id').execute()
  expect(left).toEqual([{ id: '00000000-0000-4000-8000-000000000002' }])
})
