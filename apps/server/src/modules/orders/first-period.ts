import {
  anchorDayOf,
  billedFrom,
  type Cycle,
  firstPeriod,
  monthsOf,
  type Part,
  type Period,
  recurs,
  startOfDay,
  startOfHour,
} from '@innkeeper/money'

/** When something is bought, and by which days the business goes. */
export interface Today {
  readonly now: Date
  readonly timeZone: string
}

/** The first period of what is bought now, and the day of the month on which it is billed from then on. */
export interface Start {
  /** Absent where nothing is billed by the period. */
  readonly period?: Period
  /** That part of a whole period, where it is shorter, or that many: the hours that are left of the day. */
  readonly part?: Part
  /** The same where a document counts it. */
  readonly count?: Part
  readonly anchorDay: number
}

/** `prorataDay`: the day of the month that all services of a product are billed on; cycles without months have none. */
export function startOf(cycle: Cycle, prorataDay: number | null, { now, timeZone }: Today): Start {
  const startsAt = cycle === 'h' ? startOfHour(now, timeZone) : startOfDay(now, timeZone)
  const anchorDay = prorataDay !== null && monthsOf(cycle) !== undefined ? prorataDay : anchorDayOf(now, timeZone)
  if (!recurs(cycle)) return { anchorDay }
  if (prorataDay === null || monthsOf(cycle) === undefined) {
    const { hours, ...period } = billedFrom(startsAt, cycle, anchorDay, timeZone)
    return { period, ...(hours && { part: hours, count: hours }), anchorDay }
  }
  const { endsAt, part } = firstPeriod(startsAt, cycle, prorataDay, timeZone)
  const whole = part.numerator === part.denominator
  return { period: { startsAt, endsAt }, ...(whole ? {} : { part }), anchorDay }
}
