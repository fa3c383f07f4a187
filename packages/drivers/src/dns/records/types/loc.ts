import { refuse, type TypeRule, wholeNumber, words } from '../rule.ts'

/** RFC 1876 §3: what an entry without sizes means, in centimetres. */
const defaults = { size: 100, horizontal: 1_000_000, vertical: 1_000 }
const highest = 4_284_967_295
const lowest = -10_000_000

/**
 * RFC 1876: `51 30 12.748 N 0 7 39.611 W 0.00m 1m 10000m 10m`. Minutes, seconds, size and precisions may be left out.
 * Sizes are canonical as the wire can say them: one digit and a power of ten in centimetres.
 */
export const loc: TypeRule = {
  parse({ content }) {
    const parts = (words(content) ?? []).map(token => token.text.toUpperCase())
    const latitude = takeAngle(parts, ['N', 'S'], 90)
    const longitude = latitude === undefined ? undefined : takeAngle(parts, ['E', 'W'], 180)
    const altitude = centimetres(parts.shift())
    if (longitude === undefined || altitude === undefined || altitude < lowest || altitude > highest) {
      return refuse('content', 'content', 'a LOC record is written like 51 30 12.748 N 0 7 39.611 W 0.00m')
    }
    const sizes = [defaults.size, defaults.horizontal, defaults.vertical].map((usual, at) =>
      parts[at] === undefined ? usual : oneDigit(centimetres(parts[at])),
    )
    if (parts.length > 3 || sizes.includes(undefined)) {
      return refuse('content', 'content', 'size and precisions of a LOC record are 0 to 90000000.00 metres')
    }
    const height = `${altitude < 0 ? '-' : ''}${(Math.abs(altitude) / 100).toFixed(2)}m`
    return { content: [latitude, longitude, height, ...sizes.map(size => `${(size ?? 0) / 100}m`)].join(' ') }
  },
  present: record => record.content,
}

/** Takes `d [m [s]] H` from the front; canonical with all three numbers. */
function takeAngle(parts: string[], hemispheres: readonly string[], most: number): string | undefined {
  const end = parts.findIndex(part => hemispheres.includes(part))
  if (end < 1 || end > 3) return undefined
  const [degrees, minutes = '0', seconds = '0', hemisphere] = [...parts.slice(0, end), ...Array(3 - end), parts[end]]
  parts.splice(0, end + 1)
  const d = wholeNumber(degrees, most)
  const m = wholeNumber(minutes, 59)
  const s = /^\d{1,2}(?:\.\d{1,3})?$/.test(seconds) ? Number(seconds) : 60
  if (d === undefined || m === undefined || s >= 60 || (d === most && (m > 0 || s > 0))) return undefined
  return `${d} ${m} ${s.toFixed(3)} ${hemisphere}`
}

function centimetres(text: string | undefined): number | undefined {
  const [, sign, whole, part = ''] = /^(-?)(\d{1,8})(?:\.(\d{1,2}))?M?$/.exec(text ?? '') ?? []
  if (whole === undefined) return undefined
  const value = Number(whole) * 100 + Number(part.padEnd(2, '0'))
  return sign === '-' ? 0 - value : value
}

/** The largest number of the form digit × power of ten that is not above; 9e9 cm is the largest there is. */
function oneDigit(value: number | undefined): number | undefined {
  if (value === undefined || value < 0 || value > 9_000_000_000) return undefined
  const power = 10 ** Math.max(0, String(value).length - 1)
  return Math.floor(value / power) * power
}
