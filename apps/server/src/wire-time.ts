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

/** Reads `YYYY-MM-DD[ HH:MM[:SS]]` in the brand's time zone, or ISO 8601 with an offset; undefined if it is neither. */
export function readDateTime(text: string, timeZone: string): Date | undefined {
  const form = /^([1-9]\d{3}-\d\d-(\d\d))(?:[ T](\d\d:\d\d)(:\d\d)?(?:\.\d{1,9})?(Z|[+-]\d\d:?\d\d)?)?$/
  const [whole, date, day, time = '00:00', seconds = ':00', offset] = form.exec(text.trim()) ?? []
  if (whole === undefined) return undefined
  const wall = new Date(`${date}T${time}${seconds}Z`)
  // Date rolls 31 February over to March; a day that does not come back as it was sent does not exist.
  if (Number.isNaN(wall.getTime()) || wall.getUTCDate() !== Number(day)) return undefined
  if (offset === 'Z') return wall
  if (offset === undefined) return inZone(wall, timeZone)
  const [hours, rest] = [Number(offset.slice(1, 3)), Number(offset.slice(-2))]
  const minutes = hours * 60 + rest
  if (rest > 59 || minutes > widestOffset) return undefined
  return new Date(wall.getTime() - (offset.startsWith('-') ? -minutes : minutes) * 60_000)
}

/** Minutes between UTC and the clocks that differ most from it, those of Kiribati. */
const widestOffset = 14 * 60

/** The moment at which clocks in the zone show what `wall` shows in UTC. */
function inZone(wall: Date, timeZone: string): Date {
  const near = new Date(wall.getTime() - offsetAt(wall, timeZone))
  // The offset just found is that of another moment; around a change of clocks the second look corrects it.
  return new Date(wall.getTime() - offsetAt(near, timeZone))
}

function offsetAt(moment: Date, timeZone: string): number {
  const shown = Date.parse(`${wireDateTime(moment, timeZone).replace(' ', 'T')}Z`)
  return shown - Math.floor(moment.getTime() / 1000) * 1000
}
