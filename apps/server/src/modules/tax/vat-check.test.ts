import { createVies } from '@innkeeper/drivers'
import { startVies, type ViesServer } from '@innkeeper/drivers/vies-server'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { type TestApp, testApp } from '../../../test/app.ts'
import { seedAccount } from '../../../test/seed.ts'
import { fixedClock } from '../../clock.ts'
import { defaultConfig } from '../../config.ts'
import type { App, VatConfirmed } from '../../context.ts'
import { runSql } from '../../db/database.ts'
import { asOperator } from '../../operator.ts'
import { createAccount } from '../accounts/index.ts'
import { checkVatNumberJob, taxSchedules, taxTreatment } from './index.ts'

const start = new Date('2026-03-01T12:00:00Z')
const minute = 60_000
const day = 86_400_000
const seller = { ...defaultConfig('').seller, country: 'EE', vatNumber: 'EE100000001' }
let clock = fixedClock(start)
let base: TestApp
let app: App
let vies: ViesServer
let confirmed: VatConfirmed[] = []
beforeAll(async () => {
  base = await testApp({ seller })
})
beforeEach(async () => {
  clock = fixedClock(start)
  confirmed = []
  const vatConfirmed = async (_ctx: unknown, _tx: unknown, one: VatConfirmed) => void confirmed.push(one)
  app = { ...base, business: clock, effects: { ...base.effects, vatConfirmed } }
  vies = await startVies()
})
afterEach(async () => {
  await vies.stop()
  await runSql(base.db, 'delete from vat_check')
  await runSql(base.db, "update profile set vateu = ''")
  await runSql(base.db, 'select graphile_worker.complete_jobs(array_agg(id)) from graphile_worker.jobs')
})
afterAll(() => base.close())

async function customer(vateu: string): Promise<string> {
  const { accountId, profileId } = await seedAccount(app)
  await app.db.updateTable('profile').set({ vateu, country: 'FR' }).where('id', '=', profileId).execute()
  return accountId
}
const run = (on: { accountId: string }) => {
  const driver = createVies({ url: vies.url, requester: { prefix: 'EE', number: '100000001' } })
  return checkVatNumberJob(driver).run(app, on, {
    id: '1',
    attempt: 1,
    log: app.log,
    signal: new AbortController().signal,
  })
}
const checks = (accountId: string) =>
  app.db.selectFrom('vat_check').selectAll().where('account_id', '=', accountId).orderBy('id').execute()
/** Accounts whose number waits to be asked about. */
async function waiting(): Promise<string[]> {
  const rows = await runSql<{ payload: { accountId: string } }>(
    app.db,
    `select payload from graphile_worker._private_jobs job join graphile_worker._private_tasks task on task.id = job.task_id
     where task.identifier = 'tax.check-vat-number'`,
  )
  return rows.map(({ payload }) => payload.accountId)
}
const sweep = () =>
  taxSchedules[0]?.job.run(app, {}, { id: '1', attempt: 1, log: app.log, signal: new AbortController().signal })

test('an answer is kept with its time, the proof, and whom the number belongs to', async () => {
  const accountId = await customer('FR100')
  await run({ accountId })
  expect(await checks(accountId)).toMatchObject([
    {
      ...{ vat_number: 'FR100', state: 'valid', error: null, consultation_number: 'WAPIAAAA00000001' },
      ...{ name: 'Example Trading', address: 'Harbour Street 5\n10111 EXAMPLE', checked_at: start },
    },
  ])
  expect(await taxTreatment(app, app.db, accountId)).toMatchObject({ category: 'AE' })
  const audited = await app.db.selectFrom('audit').select('event').where('account_id', '=', accountId).execute()
  expect(audited).toEqual([{ event: 'tax.vat_check' }])
})

test('a number that could not be checked is asked about again, ever later, and VAT is charged meanwhile', async () => {
  const accountId = await customer('FR301')
  const pauses: number[] = []
  for (let i = 0; i < 9; i++) {
    await run({ accountId })
    const last = (await checks(accountId)).at(-1)
    expect(last).toMatchObject({ state: 'unknown', error: 'MS_UNAVAILABLE' })
    const pause = Number(last?.next_check_at) - clock.now().getTime()
    pauses.push(pause / minute)
    clock.advance(pause)
  }
  expect(pauses).toEqual([5, 10, 20, 40, 80, 160, 320, 360, 360])
  expect(await taxTreatment(app, app.db, accountId)).toMatchObject({ category: 'S' })
})

test('nobody is asked before it is time', async () => {
  const accountId = await customer('FR100')
  await run({ accountId })
  await run({ accountId })
  expect(vies.questions).toHaveLength(1)
  clock.advance(30 * day)
  await run({ accountId })
  expect(vies.questions).toHaveLength(2)
})

test('a number found valid is announced, whether it was asked about in vain before or not, and whenever it still is', async () => {
  const accountId = await customer('FR301')
  await run({ accountId })
  expect(confirmed).toEqual([])
  vies.set('FR301', 'valid')
  clock.advance(day)
  await run({ accountId })
  expect(confirmed).toEqual([{ accountId, vatNumber: 'FR301' }])
  clock.advance(31 * day)
  await run({ accountId })
  const other = await customer('FR100')
  await run({ accountId: other })
  expect(confirmed.map(one => one.vatNumber)).toEqual(['FR301', 'FR301', 'FR100'])
})

test('a number that was wrong and is valid now is not announced: it was right to charge tax', async () => {
  const accountId = await customer('FR200')
  await run({ accountId })
  vies.set('FR200', 'valid')
  clock.advance(8 * day)
  await run({ accountId })
  expect((await checks(accountId)).map(({ state }) => state)).toEqual(['invalid', 'valid'])
  expect(confirmed).toEqual([])
})

test('the sweep finds numbers nobody was asked about and those that are due, and no others', async () => {
  const [fresh, checked, changed] = [await customer('FR100'), await customer('FR100'), await customer('FR100')]
  await customer('CHE123456789')
  await customer('XI123456789')
  await run({ accountId: checked })
  await run({ accountId: changed })
  await app.db.updateTable('profile').set({ vateu: 'FR200' }).where('account_id', '=', changed).execute()
  await sweep()
  expect((await waiting()).sort()).toEqual([fresh, changed].sort())
  clock.advance(30 * day)
  await sweep()
  expect((await waiting()).sort()).toEqual([fresh, checked, changed].sort())
})

test('a number that an owner goes back to is revalidated as before', async () => {
  const accountId = await customer('FR100')
  const become = (vateu: string) =>
    app.db.updateTable('profile').set({ vateu }).where('account_id', '=', accountId).execute()
  await run({ accountId })
  await become('FR200')
  await run({ accountId })
  await become('FR100')
  expect(await taxTreatment(app, app.db, accountId)).toMatchObject({ category: 'AE' })
  clock.advance(30 * day)
  await sweep()
  expect(await waiting()).toEqual([accountId])
})

test('an account opened with a number has it checked at once', async () => {
  const person = { country: 'FR', vateu: 'FR100' }
  const password = 'long enough for anybody'
  const { accountId } = await asOperator(app, ctx => createAccount(ctx, { email: 'vat@example.com', password, person }))
  await asOperator(app, ctx => createAccount(ctx, { email: 'none@example.com', password, person: { country: 'FR' } }))
  expect(await waiting()).toEqual([accountId])
})
