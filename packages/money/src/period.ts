import type { Minor } from './amount.ts'
import type { Part } from './cart.ts'
import type { Cycle } from './cycle.ts'
import { addDays, dayOf, daysBetween, momentOfDay, shiftDay, shiftMonths, startOfDay } from './days.ts'

/** From its first moment to the first moment of the next. */
export interface Period {
  readonly startsAt: Date
  readonly endsAt: Date
}

const hourMilliseconds = 3_600_000
const months: Partial<Record<Cycle, number>> = { m: 1, q: 3, s: 6, a: 12, b: 24, t: 36, p4: 48, p5: 60 }
const days: Partial<Record<Cycle, number>> = { d: 1, w: 7 }

/** Months of a cycle that is counted in them; domain years are. */
export function monthsOf(cycle: Cycle): number | undefined {
  return cycle.startsWith('y') ? Number(cycle.slice(1)) * 12 : months[cycle]
}

/** The day of the month that a service bought at this moment is billed on. */
export function anchorDayOf(moment: Date, timeZone: string): number {
  return Number(dayOf(moment, timeZone).slice(8))
}

/**
 * The end of the period of `cycle` that starts at `start`; of the `count`th one after it. Months are counted from the
 * anchor day, never from a day that was cut off: 31 January, 28 February, 31 March. Cycles without an end give `start`.
 */
export function addPeriod(start: Date, cycle: Cycle, anchorDay: number, timeZone: string, count = 1): Date {
  if (cycle === 'h') return new Date(start.getTime() + count * hourMilliseconds)
  const day = dayOf(start, timeZone)
  const byDays = days[cycle]
  if (byDays !== undefined) return momentOfDay(shiftDay(day, byDays * count), timeZone)
  const byMonths = monthsOf(cycle)
  return byMonths === undefined ? start : momentOfDay(shiftMonths(day, byMonths * count, anchorDay), timeZone)
}

/** What is billed at once. */
export interface BilledPeriod extends Period {
  /** How many periods it is, where these are hours. */
  readonly hours?: Part
}

/**
 * What is billed at once from a moment on: one period; of hours, all that are left of the day. An invoice for each would
 * round its tax away, and nobody would read them. A day on which clocks change has the hours that it has.
 */
export function billedFrom(start: Date, cycle: Cycle, anchorDay: number, timeZone: string): BilledPeriod {
  if (cycle !== 'h') return { startsAt: start, endsAt: addPeriod(start, cycle, anchorDay, timeZone) }
  const endsAt = addDays(start, 1, timeZone)
  return { startsAt: start, endsAt, hours: hoursBetween(start, endsAt) }
}

/** The hours from one moment to a later one, in lowest terms: some days end with a part of an hour. */
export function hoursBetween(from: Date, to: Date): Part {
  const milliseconds = Math.max(0, to.getTime() - from.getTime())
  const divisor = greatestDivisor(milliseconds, hourMilliseconds)
  return { numerator: milliseconds / divisor, denominator: hourMilliseconds / divisor }
}

function greatestDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestDivisor(b, a % b)
}

/** The start of the hour that a moment is in. Hours are counted from midnight, wherever that is. */
export function startOfHour(moment: Date, timeZone: string): Date {
  const midnight = startOfDay(moment, timeZone).getTime()
  return new Date(midnight + Math.floor((moment.getTime() - midnight) / hourMilliseconds) * hourMilliseconds)
}

/** The first period of something billed to a day of the month, and which part of a whole period it is. */
export function firstPeriod(start: Date, cycle: Cycle, toDay: number, timeZone: string): Period & { part: Part } {
  const day = dayOf(start, timeZone)
  const sameMonth = shiftMonths(day, 0, toDay)
  const endsAt = momentOfDay(sameMonth > day ? sameMonth : shiftMonths(day, 1, toDay), timeZone)
  const whole = addPeriod(start, cycle, anchorDayOf(start, timeZone), timeZone)
  const denominator = Math.max(1, daysBetween(start, whole, timeZone))
  return {
    startsAt: start,
    endsAt,
    part: { numerator: Math.min(daysBetween(start, endsAt, timeZone), denominator), denominator },
  }
}

/** What is left of a period, in whole days; today counts as not consumed yet. Nothing is left of periods under a day. */
export function remainingPart({ startsAt, endsAt }: Period, now: Date, timeZone: string): Part {
  const denominator = daysBetween(startsAt, endsAt, timeZone)
  if (denominator <= 0) return { numerator: 0, denominator: 1 }
  return { numerator: Math.min(denominator, Math.max(0, daysBetween(now, endsAt, timeZone))), denominator }
}

/** What is left of hours that are billed at once; the hour that has begun counts as not consumed yet. */
export function remainingHours({ startsAt, endsAt }: Period, now: Date, timeZone: string): Part {
  const from = startOfHour(now, timeZone)
  const left = hoursBetween(from > startsAt ? from : startsAt, endsAt)
  const all = hoursBetween(startsAt, endsAt)
  return { numerator: left.numerator * all.denominator, denominator: left.denominator * all.numerator }
}

/** That part of what was paid, rounded down: never more than was paid. */
export function unusedMinor(netMinor: Minor, { numerator, denominator }: Part): Minor {
  return (netMinor * BigInt(numerator)) / BigInt(denominator)
}
