import { type Day, dayOf, shiftDay } from '@innkeeper/money'
import type { Context, InvoiceRef } from '../../context.ts'
import type { Tx } from '../../db/database.ts'
import { patienceOf } from './dunning.ts'
import { hangingOn, lastStepBefore } from './forecast-store.ts'

/** What comes of an overdue invoice that stays unpaid, in words; empty where nothing does. */
export async function forecastOf(ctx: Context, tx: Tx, ref: InvoiceRef, dueOn: Day): Promise<string> {
  const { suspendAfterDays, cancelOrderAfterDays } = ctx.config.billing
  const hanging = await hangingOn(tx, ref)
  const dayAfter = (days: number) => dayOfStep(ctx, tx, ref, dueOn, days)
  return [
    ...(hanging?.services ? [`what it is for stops on ${await dayAfter(suspendAfterDays)}`] : []),
    ...(hanging?.order ? [`the order is cancelled on ${await dayAfter(cancelOrderAfterDays)}`] : []),
  ].join(', and ')
}

/** The day on which a sweep takes a step that comes so many days after the due day: see {@link patienceOf}. */
async function dayOfStep(ctx: Context, tx: Tx, ref: InvoiceRef, dueOn: Day, days: number): Promise<Day> {
  const { timeZone } = ctx.config
  const last = await lastStepBefore(tx, ref, patienceOf(ctx, days))
  const today = dayOf(ctx.business.now(), timeZone)
  const patient = last === undefined ? today : shiftDay(dayOf(last.since, timeZone), days - last.days)
  return [today, shiftDay(dueOn, days), patient].sort().at(-1) ?? today
}
