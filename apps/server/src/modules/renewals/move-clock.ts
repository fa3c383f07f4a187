import { addDays, shiftMonths } from '@innkeeper/money'
import type { App, Context } from '../../context.ts'
import { whileLeading } from '../../db/leadership.ts'
import { badField, Refusal } from '../../refusal.ts'
import { readDateTime, wireDateTime } from '../../wire-time.ts'
import { audit } from '../audit/index.ts'
import { writeAhead } from './clock-store.ts'

/**
 * Where to: a moment, or so much later than now. Months keep the day, or take the last one of a shorter month. `field` is
 * what the caller sent it in, for the refusal: two APIs have their own names.
 */
export type ClockMove =
  | { readonly to: Date; readonly field: string }
  | { readonly months: number; readonly days: number; readonly seconds: number; readonly field: string }

/** As far as one call goes: each day on the way has its sweeps. */
const furthestMilliseconds = 400 * 86_400_000
const waitMilliseconds = 50

/**
 * Moves the clock of money forward, in test mode only. It goes day by day and lets each have its sweeps, so that what
 * would have happened on the way has: reminders, suspensions. Two moves at a time come one after the other.
 */
export async function moveClock(ctx: Context, move: ClockMove, sweep: (app: App) => Promise<void>): Promise<Date> {
  if (!ctx.config.testMode) throw new Refusal('invalid method')
  const wait = () => new Promise<boolean>(resolve => setTimeout(resolve, waitMilliseconds, true))
  await whileLeading(ctx, 'business clock', wait, async () => {
    const start = ctx.business.now()
    const target = targetOf(start, move, ctx.config.timeZone)
    const milliseconds = target.getTime() - start.getTime()
    if (milliseconds < 0 || milliseconds > furthestMilliseconds) throw badField(move.field, 'field_format_error')
    let at = start
    do {
      const midnight = addDays(at, 1, ctx.config.timeZone)
      at = new Date(Math.min(midnight.getTime(), target.getTime()))
      await stepTo(ctx, at, target)
      // What failed was logged, is told of by metrics, and is due again at the next sweep.
      await sweep(ctx).catch(error => ctx.log.error({ err: error }, 'a sweep of the moved clock failed'))
    } while (at < target)
  })
  return ctx.business.now()
}

async function stepTo(ctx: Context, at: Date, target: Date): Promise<void> {
  const ahead = await ctx.db.transaction().execute(async tx => {
    if (at.getTime() === target.getTime()) {
      const shown = wireDateTime(target, ctx.config.timeZone)
      await audit(ctx, tx, { event: 'clock.move', description: `Business clock moved to ${shown}`, accountId: null })
    }
    // A move by nothing is late by the time it took.
    return writeAhead(tx, Math.max(0, at.getTime() - ctx.clock.now().getTime()))
  })
  ctx.notifications.deliver('clock', String(ahead)) // this node goes on at once
}

function targetOf(now: Date, move: ClockMove, timeZone: string): Date {
  if ('to' in move) return move.to
  const [day = '', time = ''] = wireDateTime(now, timeZone).split(' ')
  const later = shiftMonths(day, move.months, Number(day.slice(8)))
  const wall = move.months === 0 ? now : (readDateTime(`${later} ${time}`, timeZone) ?? now)
  return new Date(wall.getTime() + (move.days * 86_400 + move.seconds) * 1000)
}
