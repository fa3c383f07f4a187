import { afterAll, beforeAll, expect, test } from 'vitest'
import { type PaymentsApp, paymentsApp } from '../../../test/payments.ts'
import { waitFor } from '../../../test/wait-for.ts'
import { runSql } from '../../db/database.ts'
import { listDeadJobs, startWorker, type Worker } from '../../jobs/index.ts'
import { chargeInvoice } from './charge-invoice.ts'
import { chargeLater, paymentJobs, paymentSchedules } from './index.ts'

let app: PaymentsApp
let worker: Worker
beforeAll(async () => {
  app = await paymentsApp()
  worker = await startWorker(app, app.connection, paymentJobs)
})
afterAll(async () => {
  await worker.stop()
  await app.close()
})

/** Of ours: what an invoice sets off besides, letters for one, waits for a worker that knows it. */
const jobsLeft = async () =>
  (
    await runSql<{ n: string }>(
      app.db,
      'select count(*) as n from graphile_worker.jobs where attempts < max_attempts and task_identifier = any($1)',
      [paymentJobs.map(({ name }) => name)],
    )
  )[0]?.n

/** Makes what waits for its time due now. */
const hurry = () =>
  runSql(
    app.db,
    `select pg_notify('jobs:insert', '{"count":1}') from graphile_worker.reschedule_jobs(
       (select array_agg(id) from graphile_worker.jobs where locked_at is null), run_at => now())`,
  )

test('an invoice is charged after the commit that wants it, and one that cannot be charged leaves no dead job', async () => {
  const good = await app.debtor()
  const declined = await app.debtor('pm_card_chargeDeclined')
  const cardless = await app.debtor('none')
  for (const ref of [good, declined, cardless]) await app.run((_ctx, tx) => chargeLater(tx, ref))
  await waitFor(async () => (await app.status(good)) === 'Paid')
  await app.run((_ctx, tx) => chargeLater(tx, good)) // by whoever did not know
  await waitFor(async () => {
    await hurry()
    return (await jobsLeft()) === '0'
  })
  expect([await app.status(declined), await app.status(cardless)]).toEqual(['Unpaid', 'Unpaid'])
  expect(await app.booked(good)).toEqual(['payment 2480'])
  expect(await listDeadJobs(app.db)).toEqual([])
})

test('the job that was written down with an attempt finds out what became of it', async () => {
  const ref = await app.debtor()
  app.stripe.mishap(/confirm$/, 'late')
  expect(await app.act(ctx => chargeInvoice(ctx, ref))).toEqual({ state: 'unknown' })
  app.at.advance(120_000)
  await hurry()
  await waitFor(async () => (await app.status(ref)) === 'Paid')
  expect(await app.booked(ref)).toEqual(['payment 2480'])
})

test('an attempt whose job was given up is found by the sweep', async () => {
  const ref = await app.debtor()
  app.stripe.mishap(/confirm$/, 'late')
  await app.act(ctx => chargeInvoice(ctx, ref))
  await runSql(app.db, `select graphile_worker.complete_jobs((select array_agg(id) from graphile_worker.jobs))`)
  expect(await jobsLeft()).toBe('0')
  app.at.advance(2 * 3_600_000)
  const [sweep] = paymentSchedules
  if (sweep === undefined) throw new Error('there is no sweep')
  await sweep.job.run(app, {}, { id: '', attempt: 1, log: app.log, signal: new AbortController().signal })
  await hurry()
  await waitFor(async () => (await app.status(ref)) === 'Paid')
})
