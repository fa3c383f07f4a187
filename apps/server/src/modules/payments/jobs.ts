import { DriverError } from '@innkeeper/drivers'
import { Type } from 'typebox'
import { enqueueAll, GiveUp, type Job, job, type Schedule } from '../../jobs/index.ts'
import { asSystem } from '../../operator.ts'
import { Refusal } from '../../refusal.ts'
import { overdueAttempts } from './attempt-store.ts'
import { lookAtPayment } from './book-payment.ts'
import { chargeInvoice } from './charge-invoice.ts'
import { deleteEvents, unprocessedEvents } from './event-store.ts'
import { gatewayOf } from './gateways.ts'
import { chargeKind, eventKey, eventKind, forgetKind, lookKind, refundKind, settleKind } from './job-kinds.ts'
import { processEvent } from './receive-event.ts'
import { resumeRefund } from './refund-through-gateway.ts'
import { settleAttempt } from './settle-attempt.ts'

/** What the payments module does in the background; each asks the gateways, outside any transaction. */
// biome-ignore lint/suspicious/noExplicitAny: jobs of all payloads; each parses its own
export const paymentJobs: readonly Job<any>[] = [
  { ...settleKind, run: (app, { attemptId }) => asSystem(app, ctx => settleAttempt(ctx, attemptId)) },
  { ...eventKind, run: (app, { gateway, eventId }) => asSystem(app, ctx => processEvent(ctx, gateway, eventId)) },
  { ...lookKind, run: (app, { gateway, externalId }) => asSystem(app, ctx => lookAtPayment(ctx, gateway, externalId)) },
  { ...refundKind, run: (app, { attemptId }) => asSystem(app, ctx => resumeRefund(ctx, attemptId)) },
  { ...forgetKind, run: (app, { driver, cardRef }) => gatewayOf(app, driver).forgetCard(cardRef) },
  {
    ...chargeKind,
    async run(app, { accountId, invoiceId }) {
      try {
        await asSystem(app, ctx => chargeInvoice(ctx, { accountId, id: invoiceId }))
      } catch (error) {
        // Nothing is due any more, or it is being paid: whoever wanted it charged asks again if it stays unpaid.
        if (error instanceof Refusal) return
        if (error instanceof DriverError && error.kind === 'refused') throw new GiveUp(error.message, { cause: error })
        throw error
      }
    },
  },
]

/** Each attempt has a job of its own; this is for those whose job was given up, so that no invoice stays leased for ever. */
const sweepAttempts = job({
  name: 'sweep.charge-attempts',
  payload: Type.Object({}),
  maxAttempts: 3,
  async run(app) {
    const now = app.clock.now()
    const overdue = await overdueAttempts(app.db, new Date(now.getTime() - graceMilliseconds), 1000)
    const jobs = overdue.map(attemptId => ({ payload: { attemptId }, key: attemptId, runAt: now }))
    if (jobs.length > 0) await app.db.transaction().execute(tx => enqueueAll(tx, settleKind, jobs))
  },
})

/** An attempt that is over for so long should be decided. */
const graceMilliseconds = 3_600_000

/**
 * A delivery that nobody has worked on after a day is one whose job is dead or gone. It gets another, which each hour makes
 * anew while the delivery is there: nothing it told of is lost. The dead one stays, for people to see.
 */
const sweepEvents = job({
  name: 'sweep.inbound-events',
  payload: Type.Object({}),
  maxAttempts: 3,
  async run(app) {
    const now = app.clock.now().getTime()
    const forgotten = await unprocessedEvents(app.db, new Date(now - aDay), 1000)
    const jobs = forgotten.map(event => ({ payload: event, key: eventKey(event) }))
    if (jobs.length > 0) await app.db.transaction().execute(tx => enqueueAll(tx, eventKind, jobs))
    await deleteEvents(app.db, new Date(now - keptDays * aDay))
  },
})

const aDay = 86_400_000
/** For so long gateways can be told to deliver an event again; who asks what it did finds it until then. */
const keptDays = 30

/** What the payments module does by the clock. */
export const paymentSchedules: readonly Schedule[] = [
  { cron: '41 * * * *', job: sweepAttempts },
  { cron: '51 * * * *', job: sweepEvents },
]
