import { Type } from 'typebox'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type FullServer, fullServer } from '../../../test/full-server.ts'
import { signInStaff, staffCall } from '../../../test/staff.ts'
import { runSql } from '../../db/database.ts'
import { enqueue, jobKind } from '../../jobs/index.ts'

let full: FullServer
let token: string
beforeAll(async () => {
  full = await fullServer()
  token = (await signInStaff(full.app, full.server, 'owner')).token
})
afterAll(() => full.close())

const get = async (path: string) => (await staffCall(full.server, 'GET', path, { token })).json
const post = (path: string, body: object = {}) => staffCall(full.server, 'POST', path, { token, body })

describe('jobs', () => {
  const secret = 'nobody should read this'
  const kind = jobKind({ name: 'try.it', payload: Type.Object({ secret: Type.String() }), maxAttempts: 3 })
  const newJob = async (dead: boolean) => {
    await full.app.db.transaction().execute(tx => enqueue(tx, kind, { secret }))
    const [job] = await runSql<{ id: string }>(full.app.db, 'select max(id)::text as id from graphile_worker.jobs')
    const fail = 'select 1 from graphile_worker.permanently_fail_jobs(array[$1::bigint], $2)'
    if (dead) await runSql(full.app.db, fail, [job?.id, 'it broke'])
    return job?.id ?? ''
  }

  test('are listed by state, without what they are about', async () => {
    const [waiting, dead] = [await newJob(false), await newJob(true)]
    expect((await get('/jobs?name=try.it&state=waiting')).jobs).toMatchObject([{ id: waiting, error: '' }])
    expect((await get('/jobs?name=try.it&state=dead')).jobs).toMatchObject([{ id: dead, error: 'it broke' }])
    expect(JSON.stringify(await get('/jobs'))).not.toContain(secret)
  })

  test('that are dead run again, and then are not dead any more', async () => {
    const id = await newJob(true)
    expect((await post(`/jobs/${id}/retry`)).status).toBe(200)
    const { jobs } = await get('/jobs?name=try.it&state=waiting')
    expect(jobs.find((job: { id: string }) => job.id === id)).toMatchObject({ attempts: 0 })
    expect((await post(`/jobs/${id}/retry`)).status).toBe(404)
  })

  test('that still wait are not deleted', async () => {
    const [waiting, dead] = [await newJob(false), await newJob(true)]
    const remove = (id: string) => staffCall(full.server, 'DELETE', `/jobs/${id}`, { token })
    expect([(await remove(waiting)).status, (await remove(dead)).status]).toEqual([404, 200])
    const ids = (await get('/jobs?name=try.it')).jobs.map((job: { id: string }) => job.id)
    expect([ids.includes(waiting), ids.includes(dead)]).toEqual([true, false])
  })
})

describe('the audit trail', () => {
  test('is filtered by event, actor, request and time', async () => {
    await full.server.inject({
      method: 'POST',
      url: '/admin/api/login',
      payload: { email: 'x@example.net', password: 'y' },
    })
    const failed = await get('/audit?event=staff.login_failed')
    expect(failed.audit).toMatchObject([{ event: 'staff.login_failed', actor: 'anonymous', client_id: null }])
    const [{ request_id, at }] = failed.audit
    expect((await get(`/audit?request_id=${request_id}`)).audit).toHaveLength(1)
    expect((await get(`/audit?event=staff.login_failed&until=${at}`)).audit).toEqual([])
    expect((await get(`/audit?event=staff.login_failed&from=${at}`)).audit).toHaveLength(1)
    expect((await get('/audit?actor=operator')).audit[0]).toMatchObject({ event: 'staff.create', staff_id: null })
  })

  test('takes what an event begins with as it is written', async () => {
    expect((await get('/audit?event=staff_')).audit).toEqual([])
    expect((await get('/audit?event=%25')).audit).toEqual([])
  })
})

test('the money of an installation without any adds up', async () => {
  expect(await get('/audit/money')).toMatchObject({ findings: [], sound: true })
})

test('a row of the ledger’s sums changed by hand is found, with its invoice', async () => {
  const [account] = await runSql<{ id: string }>(
    full.app.db,
    `with made as (insert into account (created_at) values (now()) returning id)
     insert into profile (account_id, owner, email, created_at) select id, true, 'm@example.com', now() from made
     returning account_id as id`,
  )
  const lines = [{ description: 'x', unit_price: '10.00' }]
  const { invoice } = (await post('/invoices', { client_id: account?.id, lines })).json
  await post(`/invoices/${invoice.id}/finalise`)
  await runSql(full.app.db, 'update invoice set paid_minor = 1 where id = $1', [invoice.id])
  const { findings, sound } = await get('/audit/money')
  expect(sound).toBe(false)
  expect(findings.map(({ id }: { id: string }) => id)).toContain(invoice.id)
})

test('the clock of money is told, and moves in test mode only', async () => {
  expect(await get('/clock')).toMatchObject({ test_mode: false })
  const { status, json } = await post('/clock', { days: 1 })
  expect([status, json.error]).toEqual([404, ['invalid method']])

  const testing = await fullServer({ testMode: true })
  const owner = await signInStaff(testing.app, testing.server, 'owner')
  const move = (body: object) => staffCall(testing.server, 'POST', '/clock', { token: owner.token, body })
  const before = testing.app.business.now().getTime()
  const moved = await move({ days: 1 })
  expect(Date.parse(moved.json.now) - before).toBeGreaterThanOrEqual(86_400_000)
  expect((await move({})).json.fields).toEqual({ to: ['field_empty_error'] })
  for (const [field, value] of [
    ['to', '2020-01-01T00:00:00Z'],
    ['to', '2099-01-01T00:00:00Z'],
    ['months', 13],
  ] as const)
    expect(await move({ [field]: value, days: 300 })).toMatchObject({
      ...{ status: 422, json: { error: ['field_format_error', field], fields: { [field]: ['field_format_error'] } } },
    })
  expect((await staffCall(testing.server, 'GET', '/me', { token: owner.token })).status).toBe(200)
  await testing.close()
})
