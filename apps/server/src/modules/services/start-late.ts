import { addDays, anchorDayOf, daysBetween, startOfDay, startOfHour } from '@innkeeper/money'
import type { Context } from '../../context.ts'
import type { Tx } from '../../db/database.ts'
import { auditAll } from '../audit/index.ts'
import { leadTimes } from './bill-periods.ts'
import { refreshDates } from './dates-store.ts'
import { type FirstPeriod, firstPeriodsOver, moveFirstPeriods } from './late-start-store.ts'
import type { LockedService } from './service-store.ts'

/**
 * The first period of a service that runs only after that period was over begins now, and is as long as what was paid for:
 * nobody pays for the time in which somebody else was waited for.
 */
export async function startLate(ctx: Context, tx: Tx, services: readonly LockedService[]): Promise<void> {
  const now = ctx.business.now()
  // Years of a domain are the registry's.
  const late = services.filter(
    ({ kind, invoicedUntil }) => kind !== 'domain' && invoicedUntil !== null && invoicedUntil <= now,
  )
  const [first] = late
  if (first === undefined) return
  const cycles = new Map(late.map(({ id, cycle }) => [id, cycle]))
  const periods = await firstPeriodsOver(tx, first.accountId, [...cycles.keys()], now)
  if (periods.length === 0) return
  const { timeZone } = ctx.config
  const moved = periods.map(period => ({
    ...period,
    ...(cycles.get(period.serviceId) === 'h' ? hoursFrom(period, now, timeZone) : daysFrom(period, now, timeZone)),
  }))
  await moveFirstPeriods(tx, moved)
  await refreshDates(tx, [...cycles.keys()], leadTimes(ctx))
  const happenings = moved.map(({ serviceId, startsAt, endsAt, anchorDay }) => ({
    event: 'service.start_late',
    description: 'The first period begins now, since it was over before the service ran',
    detail: { service_id: serviceId, starts_at: startsAt, ends_at: endsAt, anchor_day: anchorDay },
    accountId: first.accountId,
  }))
  await auditAll(ctx, tx, happenings)
}

function hoursFrom({ startsAt: from, endsAt: to }: FirstPeriod, now: Date, timeZone: string) {
  const startsAt = startOfHour(now, timeZone)
  const endsAt = new Date(startsAt.getTime() + to.getTime() - from.getTime())
  return { startsAt, endsAt, anchorDay: anchorDayOf(startsAt, timeZone) }
}

function daysFrom({ startsAt: from, endsAt: to }: FirstPeriod, now: Date, timeZone: string) {
  const startsAt = startOfDay(now, timeZone)
  const endsAt = addDays(startsAt, daysBetween(from, to, timeZone), timeZone)
  return { startsAt, endsAt, anchorDay: anchorDayOf(endsAt, timeZone) }
}
