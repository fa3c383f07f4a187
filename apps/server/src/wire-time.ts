import { unsetDateTime } from '@innkeeper/contract'

const formats = new Map<string, Intl.DateTimeFormat>()

/** A moment as the wire shows it, `YYYY-MM-DD HH:MM:SS` in the brand's time zone; unset is all zeros. */
export function wireDateTime(moment: Date | null | undefined, timeZone: string): string {
  if (moment === null || moment === undefined) return unsetDateTime
  let format = formats.get(timeZone)
  if (format === undefined) {
    // The Swedish locale writes ISO order.
    format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' })
    formats.set(timeZone, format)
  }
  return format.format(moment)
}
