import {
  addDays,
  addPeriod,
  allocate,
  anchorDayOf,
  billedFrom,
  type Cycle,
  daysBetween,
  hoursBetween,
  type Minor,
  type Part,
  type Period,
  recurs,
  remainingHours,
  remainingPart,
  startOfDay,
  startOfHour,
  unusedMinor,
} from '@innkeeper/money'

/** A period that was paid for and is not over. */
export interface PaidPeriod extends Period {
  readonly id: string
  readonly netMinor: Minor
  /** Before its end where a change of today took its place from tomorrow on. */
  readonly until: Date
}

/** A service about to change, and what of it is paid. */
export interface Cuttable {
  readonly periods: readonly PaidPeriod[]
  readonly cycle: Cycle
  readonly newCycle: Cycle
  readonly anchorDay: number
  readonly invoicedUntil: Date | null
}

/** What a change makes of periods. */
export interface Cut {
  /** When they end: as today begins, or as it ends. */
  readonly from: Date
  readonly endedIds: readonly string[]
  /** What is to be paid instead, and how much of the price of a whole period all of it is. */
  readonly replacing: readonly Period[]
  readonly part: Part
  /** How the amount for `part` is shared out to `replacing`. */
  readonly weights: readonly bigint[]
  /** The day of the month that later periods are counted from. */
  readonly anchorDay: number
  /** What takes the place of the old periods is one whole new one. */
  readonly restarts: boolean
}

/** The day that a change is made on; where hours are changed for hours, the hour. */
export function presentOf({ cycle, newCycle }: Pick<Cuttable, 'cycle' | 'newCycle'>, now: Date, zone: string): Period {
  const midnight = addDays(now, 1, zone)
  if (cycle !== 'h' || newCycle !== 'h') return { startsAt: startOfDay(now, zone), endsAt: midnight }
  const startsAt = startOfHour(now, zone)
  return { startsAt, endsAt: new Date(Math.min(midnight.getTime(), startsAt.getTime() + 3_600_000)) }
}

/**
 * Ends what is paid at a moment, and says what takes its place (DOMAIN: proration from paid and unconsumed periods). With
 * the same cycle, the rest of each period is paid for anew; another cycle begins with a whole period. Hours for hours go by
 * the hour.
 */
export function cutPeriods(service: Cuttable, from: Date, timeZone: string): Cut {
  const { cycle, newCycle, anchorDay } = service
  const byHours = cycle === 'h' && newCycle === 'h'
  const periods = service.periods.filter(period => period.until > from)
  const cut = { from, endedIds: periods.map(period => period.id) }
  const nothing = {
    ...cut,
    replacing: [],
    part: { numerator: 0, denominator: 1 },
    weights: [],
    anchorDay,
    restarts: false,
  }
  if (!recurs(newCycle)) return nothing
  const neverBilled = service.periods.length === 0 && service.invoicedUntil === null
  if (newCycle !== cycle || neverBilled) {
    const day = anchorDayOf(from, timeZone)
    const { hours, ...whole } = billedFrom(from, newCycle, day, timeZone)
    return {
      ...cut,
      replacing: [whole],
      part: hours ?? { numerator: 1, denominator: 1 },
      weights: [1n],
      anchorDay: day,
      restarts: true,
    }
  }
  // What ends with today lies before what took its place, and one period takes the place of both.
  const lasting = periods.filter(({ until, endsAt }) => until >= endsAt)
  const begins = latest(periods[0]?.startsAt ?? from, from)
  const replacing = lasting.map(({ startsAt, endsAt }, index) => ({
    startsAt: index === 0 ? begins : startsAt,
    endsAt,
  }))
  const parts = replacing.map(({ startsAt, endsAt }) => {
    if (byHours) return hoursBetween(startsAt, endsAt)
    // The price is that of a whole period, whose last days these are; a day that was kept may come before them.
    const denominator = daysBetween(addPeriod(endsAt, cycle, anchorDay, timeZone, -1), endsAt, timeZone)
    return { numerator: Math.min(daysBetween(startsAt, endsAt, timeZone), denominator + 1), denominator }
  })
  return { ...cut, replacing, ...sumOf(parts), anchorDay, restarts: false }
}

/** What was paid for the days or hours of a period from a moment on, the one that it is in included. */
export function unusedOf(
  period: PaidPeriod,
  { cycle, newCycle }: Pick<Cuttable, 'cycle' | 'newCycle'>,
  from: Date,
  timeZone: string,
): Minor {
  const remaining = cycle === 'h' && newCycle === 'h' ? remainingHours : remainingPart
  const paidFrom = (moment: Date) => unusedMinor(period.netMinor, remaining(period, moment, timeZone))
  return from < period.until ? paidFrom(from) - paidFrom(period.until) : 0n
}

/**
 * Whether the present was paid for at more than it costs with a change that begins with it, and `chargeMinor` from then on.
 * Then it begins with what follows: nobody has the dear for the price of the cheap by changing there and back.
 */
export function isPaidDearer(
  { periods, cycle, newCycle }: Cuttable,
  { from, replacing, weights }: Cut,
  chargeMinor: Minor,
  timeZone: string,
): boolean {
  const [first] = replacing
  const present = periods.find(({ startsAt, until }) => startsAt <= from && until > from)
  if (first === undefined || present === undefined) return false
  const byHours = cycle === 'h' && newCycle === 'h'
  const length = ({ startsAt, endsAt }: Period) =>
    BigInt(byHours ? endsAt.getTime() - startsAt.getTime() : daysBetween(startsAt, endsAt, timeZone))
  const [firstMinor = 0n] = allocate(chargeMinor, weights)
  return present.netMinor * length(first) > firstMinor * length(present)
}

/**
 * A new period that begins later than it was ordered, shortened to the days that the money lasts for: what was credited
 * for the days between has been used up. A day is the least, for whatever is left. Undefined where the money lasts.
 */
export function shortened(
  { replacing: [whole], restarts }: Cut,
  wholeMinor: Minor,
  moneyMinor: Minor,
  timeZone: string,
): { readonly period: Period; readonly netMinor: Minor; readonly anchorDay: number } | undefined {
  if (!restarts || whole === undefined || moneyMinor >= wholeMinor) return undefined
  const days = BigInt(daysBetween(whole.startsAt, whole.endsAt, timeZone))
  const lasting = (days * moneyMinor) / wholeMinor
  const endsAt = addDays(whole.startsAt, Math.max(1, Number(lasting)), timeZone)
  return {
    period: { startsAt: whole.startsAt, endsAt },
    netMinor: lasting === 0n ? moneyMinor : (wholeMinor * lasting) / days,
    anchorDay: anchorDayOf(endsAt, timeZone),
  }
}

/** Adds parts of periods that are of different lengths. */
function sumOf(parts: readonly Part[]): { part: Part; weights: bigint[] } {
  const denominator = parts.reduce((all, part) => leastCommonMultiple(all, part.denominator), 1)
  const numerators = parts.map(part => (part.numerator * denominator) / part.denominator)
  return {
    part: { numerator: numerators.reduce((a, b) => a + b, 0), denominator },
    weights: numerators.map(BigInt),
  }
}

function leastCommonMultiple(a: number, b: number): number {
  const divisor = (x: number, y: number): number => (y === 0 ? x : divisor(y, x % y))
  return (a / divisor(a, b)) * b
}

function latest(a: Date, b: Date): Date {
  return a > b ? a : b
}
