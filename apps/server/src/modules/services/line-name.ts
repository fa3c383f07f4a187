import { dayOf, type Period } from '@innkeeper/money'

/** What a document calls something that is billed: with its own name, and the first and the last day of the period. */
export function lineName(thing: string, name: string, period: Period | undefined, timeZone: string): string {
  const named = name === '' ? thing : `${thing}, ${name}`
  if (period === undefined) return named
  const first = dayOf(period.startsAt, timeZone)
  const last = dayOf(new Date(period.endsAt.getTime() - 1), timeZone)
  return `${named} (${first === last ? first : `${first} – ${last}`})`
}
