import { badField } from '../../refusal.ts'
import { readDateTime } from '../../wire-time.ts'

/** A moment as the staff API shows it: ISO 8601 in UTC, null when it has not come. */
export function wireMoment(moment: Date | null): string | null {
  return moment === null ? null : moment.toISOString()
}

/** A moment that was sent: ISO 8601, in UTC where it has no offset. */
export function readMoment(field: string, text: string | undefined): Date | undefined {
  if (text === undefined) return undefined
  const moment = readDateTime(text, 'UTC')
  if (moment === undefined) throw badField(field, 'field_format_error')
  return moment
}

/** A day that was sent, `YYYY-MM-DD` by its schema: refused where the calendar has no such day. */
export function readDay<Day extends string | undefined>(field: string, text: Day): Day {
  if (text !== undefined && readDateTime(text, 'UTC') === undefined) throw badField(field, 'field_format_error')
  return text
}
