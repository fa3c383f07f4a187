/** A calendar day, `YYYY-MM-DD`. */
export type Day = string

const dayMilliseconds = 86_400_000
const formats = new Map<string, Intl.DateTimeFormat>()

/** The clock on the wall of a time zone at a moment, read as if it were UTC. */
function wallOf(moment: Date, timeZone: string): number {
  if (timeZone === 'UTC') return moment.getTime()
  let format = formats.get(timeZone)
  if (format === undefined) {
    format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' })
    formats.set(timeZone, format)
  }
  return Date.parse(`${format.format(moment).replace(' ', 'T')}Z`)
}

/** The day it is in a time zone (IANA name) at a moment. */
export function dayOf(moment: Date, timeZone: string): Day {
  return new Date(wallOf(moment, timeZone)).toISOString().slice(0, 10)
}

/** The first moment of a day in a time zone. */
export function momentOfDay(day: Day, timeZone: string): Date {
  const wall = Date.parse(`${day}T00:00:00Z`)
  if (timeZone === 'UTC') return new Date(wall)
  let moment = wall
  // The offset at the first guess may be that before a change of clocks; the second look corrects it.
  for (let look = 0; look < 2; look++) moment += wall - wallOf(new Date(moment), timeZone)
  // Where clocks go forward at midnight, the day begins when they have.
  while (dayOf(new Date(moment), timeZone) < day) moment += 900_000
  return new Date(moment)
}

/** The first moment of the day that a moment is in. */
export function startOfDay(moment: Date, timeZone: string): Date {
  return momentOfDay(dayOf(moment, timeZone), timeZone)
}

/** Whole days from the day of one moment to that of another; negative if the other is earlier. */
export function daysBetween(from: Date, to: Date, timeZone: string): number {
  return Math.round((Date.parse(dayOf(to, timeZone)) - Date.parse(dayOf(from, timeZone))) / dayMilliseconds)
}

/** The first moment of the day `days` after that of a moment. */
export function addDays(moment: Date, days: number, timeZone: string): Date {
  return momentOfDay(shiftDay(dayOf(moment, timeZone), days), timeZone)
}

/** The day `days` later. */
export function shiftDay(day: Day, days: number): Day {
  return new Date(Date.parse(day) + days * dayMilliseconds).toISOString().slice(0, 10)
}

/** The day in the month `months` later: the `anchorDay`, or the last one of a month that is too short for it. */
export function shiftMonths(day: Day, months: number, anchorDay: number): Day {
  const [year = 0, month = 0] = day.split('-').map(Number)
  const lastDay = new Date(Date.UTC(year, month - 1 + months + 1, 0)).getUTCDate()
  return new Date(Date.UTC(year, month - 1 + months, Math.min(anchorDay, lastDay))).toISOString().slice(0, 10)
}
