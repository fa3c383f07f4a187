import pino from 'pino'
import { Type } from 'typebox'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type TestApp, testApp } from '../../test/app.ts'
import { waitFor } from '../../test/wait-for.ts'
import { runSql } from '../db/database.ts'
import { recordQueries } from '../db/query-log.ts'
import { discardJob, enqueue, type JobOutcome, job, listDeadJobs, retryJob, startWorker } from './index.ts'
import { openLiveness } from './liveness.ts'

let app: TestApp
beforeAll(async () => {
  app = await testApp()
})
afterAll(async () => {
  await app.close()
})

const ran: string[] = []
const note = job({
  name: 'test.note',
  payload: Type.Object({ text: Type.String() }),
  run: async (_app, { text }) => void ran.push(text),
})
let broken = true
const fragile = job({
  name: 'test.fragile',
  payload: Type.Object({}),
  maxAttempts: 1,
  async run() {
    if (broken) throw new Error('out of order')
    ran.push('fragile')
  },
})

async function waiting(name: string): Promise<number> {
  const rows = await runSql(app.db, 'select 1 from graphile_worker.jobs where task_identifier = $1', [name])
  return rows.length
}

describe('a job is part of the transaction that enqueues it', () => {
  test('after a rollback there is no job', async () => {
    const tx = await app.db.startTransaction().execute()
    await enqueue(tx, note, { text: 'never' })
    await tx.rollback().execute()
    expect(await waiting(note.name)).toBe(0)
  })

  test('after the commit it runs, in one round trip for the enqueuing', async () => {
    const worker = await startWorker(app, app.connection, [note])
    const { queries } = await recordQueries(() =>
      app.db.transaction().execute(tx => enqueue(tx, note, { text: 'committed' })),
    )
    expect(queries).toHaveLength(3)
    await waitFor(() => ran.includes('committed'))
    expect(ran).not.toContain('never')
    await worker.stop()
  })

  test('of waiting jobs with one key only the last remains', async () => {
    await app.db.transaction().execute(async tx => {
      await enqueue(tx, note, { text: 'first' }, { key: 'same', runAt: new Date('2099-01-01') })
      await enqueue(tx, note, { text: 'second' }, { key: 'same', runAt: new Date('2099-01-01') })
    })
    expect(await waiting(note.name)).toBe(1)
    await runSql(app.db, 'select graphile_worker.remove_job($1)', ['test.note:same'])
  })

  test('a payload of the wrong form is not taken', async () => {
    const tx = await app.db.startTransaction().execute()
    // @ts-expect-error the compiler sees it too
    await expect(enqueue(tx, note, { text: 7 })).rejects.toThrow('test.note is wrong: /text')
    await tx.rollback().execute()
  })
})

describe('a job that fails', () => {
  test('stops no other, is tried again later, and is logged with its id', async () => {
    const outcomes: JobOutcome[] = []
    const lines: string[] = []
    const log = pino({ level: 'debug' }, { write: line => void lines.push(line) })
    const failing = job({
      name: 'test.failing',
      payload: Type.Object({}),
      run: () => Promise.reject(new Error('no luck')),
    })
    const worker = await startWorker({ ...app, log }, app.connection, [note, failing], [], {
      concurrency: 1,
      onOutcome: outcome => outcomes.push(outcome),
    })
    await app.db.transaction().execute(async tx => {
      await enqueue(tx, failing, {})
      await enqueue(tx, note, { text: 'after a failure' })
    })
    await waitFor(() => ran.includes('after a failure') && outcomes.length === 2)
    expect(outcomes.map(({ name, result }) => `${name} ${result}`)).toEqual(['test.failing failed', 'test.note done'])
    expect(outcomes.every(({ seconds }) => seconds >= 0)).toBe(true)
    const logged = lines.map(line => JSON.parse(line)).find(({ msg }) => msg === 'job failed, to be tried again')
    expect(logged).toMatchObject({ jobName: 'test.failing', attempt: 1, err: { message: 'no luck' } })
    expect(logged.job).toMatch(/^\d+$/)
    await worker.stop()
    const [row] = await runSql<{ attempts: number; later: boolean }>(
      app.db,
      `select attempts, run_at > now() as later from graphile_worker.jobs where task_identifier = 'test.failing'`,
    )
    expect(row).toEqual({ attempts: 1, later: true })
  })

  test('is listed as dead after its last attempt, and runs when told to retry', async () => {
    const worker = await startWorker(app, app.connection, [fragile])
    await app.db.transaction().execute(tx => enqueue(tx, fragile, {}))
    await waitFor(async () => (await listDeadJobs(app.db)).length === 1)
    const [dead] = await listDeadJobs(app.db)
    expect(dead).toMatchObject({ name: 'test.fragile', attempts: 1, error: 'out of order' })
    broken = false
    expect(await retryJob(app.db, dead?.id ?? '')).toBe(true)
    await waitFor(() => ran.includes('fragile'))
    expect(await retryJob(app.db, dead?.id ?? '')).toBe(false)
    await worker.stop()
    expect(await listDeadJobs(app.db)).toEqual([])
  })

  test('is given up at once when its payload has a wrong form, and can be discarded', async () => {
    await runSql(app.db, `select graphile_worker.add_job('test.note', '{"text": null}')`)
    const worker = await startWorker(app, app.connection, [note])
    await waitFor(async () => (await listDeadJobs(app.db)).length === 1)
    await worker.stop()
    const [dead] = await listDeadJobs(app.db)
    expect(dead).toMatchObject({ name: 'test.note', attempts: 1 })
    expect(await discardJob(app.db, dead?.id ?? '')).toBe(true)
    expect(await discardJob(app.db, dead?.id ?? '')).toBe(false)
  })
})

test('a worker that stops gives the job it runs back to the queue, without counting the attempt', async () => {
  let started = false
  const endless = job({
    name: 'test.endless',
    payload: Type.Object({}),
    run: () => {
      started = true
      return new Promise(() => {})
    },
  })
  const worker = await startWorker(app, app.connection, [endless])
  await app.db.transaction().execute(tx => enqueue(tx, endless, {}))
  await waitFor(() => started)
  await worker.stop()
  const rows = await runSql(
    app.db,
    `select attempts, locked_by from graphile_worker.jobs where task_identifier = 'test.endless'`,
  )
  expect(rows).toEqual([{ attempts: 0, locked_by: null }])
})

test('the jobs of a worker that was killed are given back, those of a living one are not', async () => {
  await app.db.transaction().execute(async tx => {
    await enqueue(tx, note, { text: 'orphan' }, { key: 'orphan', runAt: new Date('2099-01-01') })
    await enqueue(tx, note, { text: 'held' }, { key: 'held', runAt: new Date('2099-01-01') })
  })
  await runSql(
    app.db,
    `update graphile_worker._private_jobs set locked_at = now(), locked_by = 'pool-' || split_part(key, ':', 2)
     where key in ('test.note:orphan', 'test.note:held')`,
  )
  const living = openLiveness(app.connection)
  await living.hold('pool-held')
  const other = openLiveness(app.connection)
  await other.releaseDead()
  const rows = await runSql(
    app.db,
    `select key, locked_by from graphile_worker.jobs where key like 'test.note:%' order by key`,
  )
  expect(rows).toEqual([
    { key: 'test.note:held', locked_by: 'pool-held' },
    { key: 'test.note:orphan', locked_by: null },
  ])
  await living.close()
  await other.close()
})

test('a job that the queue gave to a worker which never heard of it is given back; those it runs are not', async () => {
  await app.db.transaction().execute(async tx => {
    for (const key of ['unheard', 'young', 'running']) {
      await enqueue(tx, note, { text: key }, { key, runAt: new Date('2099-01-01') })
    }
  })
  const rows = await runSql<{ id: string; key: string }>(
    app.db,
    `update graphile_worker._private_jobs set locked_by = 'pool-living', attempts = 1,
     locked_at = now() - case key when 'test.note:young' then interval '1 second' else interval '1 minute' end
     where key in ('test.note:unheard', 'test.note:young', 'test.note:running') returning id, key`,
  )
  const running = rows.find(({ key }) => key === 'test.note:running')?.id ?? ''
  const living = openLiveness(app.connection)
  await living.hold('pool-living')
  await living.releaseUnheard(new Set([running]))
  await living.close()
  const free = await runSql(
    app.db,
    `select key, attempts from graphile_worker.jobs where id = any($1) and locked_by is null`,
    [rows.map(({ id }) => id)],
  )
  expect(free).toEqual([{ key: 'test.note:unheard', attempts: 0 }])
})

test('a worker takes up its work again after its connections were lost', async () => {
  const worker = await startWorker(app, app.connection, [note])
  const before = (await runSql<{ pid: number }>(app.db, workerBackends)).map(({ pid }) => pid)
  await runSql(app.db, `select pg_terminate_backend(pid) from unnest($1::int[]) as pid`, [before])
  // A backend that has not seen the signal yet could take the job with it, which comes back only half a minute later.
  await waitFor(async () =>
    (await runSql<{ pid: number }>(app.db, workerBackends)).every(({ pid }) => !before.includes(pid)),
  )
  await app.db.transaction().execute(tx => enqueue(tx, note, { text: 'after the loss' }))
  await waitFor(() => ran.includes('after the loss'))
  await worker.stop()
}, 90_000) // twice the half minute, and a start

test('a worker whose first look for jobs fails is started again', async () => {
  const lines: string[] = []
  const log = pino({ level: 'debug' }, { write: line => void lines.push(line) })
  const rename = (from: string, to: string) => runSql(app.db, `alter table graphile_worker.${from} rename to ${to}`)
  await rename('_private_tasks', 'away')
  const worker = await startWorker({ ...app, log }, app.connection, [note])
  await waitFor(() => lines.some(line => line.includes('Failed to acquire job')))
  await rename('away', '_private_tasks')
  await app.db.transaction().execute(tx => enqueue(tx, note, { text: 'found after all' }))
  await waitFor(() => ran.includes('found after all'))
  await worker.stop()
}, 60_000)

test('a scheduled job missed while no worker ran is made up for', async () => {
  let runs = 0
  const hourly = {
    cron: '0 * * * *',
    job: job({ name: 'test.hourly', payload: Type.Object({}), run: async () => void runs++ }),
  }
  const first = await startWorker(app, app.connection, [], [hourly])
  await waitFor(async () => (await runSql(app.db, knownSchedule)).length === 1)
  await first.stop()
  await runSql(
    app.db,
    `update graphile_worker._private_known_crontabs set known_since = now() - interval '5 hours',
     last_execution = date_trunc('hour', now()) - interval '4 hours' where identifier = 'test.hourly'`,
  )
  const second = await startWorker(app, app.connection, [], [hourly])
  await waitFor(() => runs > 0)
  await second.stop()
})
const workerBackends = `select pid from pg_stat_activity
  where datname = current_database() and application_name like 'innkeeper worker%'`
const knownSchedule = `select 1 from graphile_worker._private_known_crontabs where identifier = 'test.hourly'`
