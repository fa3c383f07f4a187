import { afterAll, beforeAll, expect, test } from 'vitest'
import { type PaymentsApp, paymentsApp } from '../../../test/payments.ts'
import { waitFor } from '../../../test/wait-for.ts'
import { runSql } from '../../db/database.ts'
import { listDeadJobs, startWorker, type Worker } from '../../jobs/index.ts'
import { chargeInvoice } from './charge-invoice.ts'
import { chargeLater, paymentJobs, paymentSchedules, receiveEvent } from './index.ts'

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
  await sweep('sweep.charge-attempts')
  await hurry()
  await waitFor(async () => (await app.status(ref)) === 'Paid')
})

/** Runs what runs by the clock. */
async function sweep(name: string): Promise<void> {
  const schedule = paymentSchedules.find(({ job }) => job.name === name)
  if (schedule === undefined) throw new Error(`there is no ${name}`)
  await schedule.job.run(app, {}, { id: '', attempt: 1, log: app.log, signal: new AbortController().signal })
}

const aDay = 86_400_000
const events = () => runSql<{ event_id: string }>(app.db, 'select event_id from inbound_event order by event_id')

test('a delivery whose job was given up is worked on by the sweep, and a dispute in it is booked', async () => {
  const ref = await app.debtor()
  await app.act(ctx => chargeInvoice(ctx, ref))
  const { external_id } = await app.db
    .selectFrom('payment')
    .select('external_id')
    .where('invoice_id', '=', ref.id)
    .executeTakeFirstOrThrow()
  await worker.stop() // before it gets hold of the delivery
  app.stripe.money.dispute(app.stripe.object(external_id, 'payment_intent'))
  const event = app.stripe.events.sign(app.stripe.events.all.at(-1) ?? {})
  await receiveEvent(app, 'stripe', { ...event, at: app.at.now() })
  await runSql(app.db, `update graphile_worker._private_jobs set attempts = max_attempts where key like '%evt_%'`)
  expect(await listDeadJobs(app.db)).toMatchObject([{ name: 'payments.event' }])
  const waiting = await jobsLeft()
  await sweep('sweep.inbound-events') // too early: its own job may still be at it
  expect(await jobsLeft()).toBe(waiting)
  app.at.advance(aDay + 1)
  await sweep('sweep.inbound-events')
  await sweep('sweep.inbound-events')
  expect(await jobsLeft()).toBe(String(Number(waiting) + 1))
  worker = await startWorker(app, app.connection, paymentJobs)
  await waitFor(async () => (await app.status(ref)) === 'Unpaid')
  expect(await app.booked(ref)).toEqual(['payment 2480', 'chargeback 2480'])
})

test('deliveries are forgotten 30 days after they were worked on, and never before', async () => {
  const row = { gateway: 'stripe', type: 'charge.refunded', payload: Buffer.alloc(1) }
  const [old, young] = [31, 29].map(days => new Date(app.at.now().getTime() - days * aDay))
  if (old === undefined || young === undefined) throw new Error('there are two')
  await app.db
    .insertInto('inbound_event')
    .values([
      { ...row, event_id: 'evt_old', received_at: old, processed_at: old },
      { ...row, event_id: 'evt_young', received_at: old, processed_at: young },
      { ...row, event_id: 'evt_open', received_at: old, processed_at: null },
    ])
    .execute()
  await sweep('sweep.inbound-events')
  const left = (await events()).map(({ event_id }) => event_id)
  expect(left).not.toContain('evt_old')
  expect(left).toEqual(expect.arrayContaining(['evt_open', 'evt_young']))
})
