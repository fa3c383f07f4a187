import { dayOf, type Part, type Period } from '@innkeeper/money'

/** What a document calls something that is billed: with its own name, the first and the last day, and how many hours. */
export function lineName(
  thing: string,
  name: string,
  period: Period | undefined,
  timeZone: string,
  hours?: Part,
): string {
  const named = name === '' ? thing : `${thing}, ${name}`
  if (period === undefined) return named
  const first = dayOf(period.startsAt, timeZone)
  const last = dayOf(new Date(period.endsAt.getTime() - 1), timeZone)
  const days = first === last ? first : `${first} – ${last}`
  return `${named} (${hours === undefined ? days : `${days}, ${hoursText(hours)}`})`
}

function hoursText({ numerator, denominator }: Part): string {
  const hours = Math.round((numerator / denominator) * 100) / 100
  return hours === 1 ? '1 hour' : `${hours} hours`
}
