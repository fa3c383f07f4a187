import qs from 'qs'
import { maxDepth } from './json.ts'

export type Fields = Readonly<Record<string, unknown>>

/** Without a prototype, so that no look-up by a client's word finds anything. */
export const noFields: Fields = Object.freeze(Object.create(null))
/** What stands for a query string that cannot be read; the router has no way to refuse while it parses one. */
export const unreadable: Fields = Object.freeze(Object.create(null))

/** More fields than any form of the API has; qs would drop the rest without a word. */
const maxFields = 2000
/**
 * More levels, over all fields, than any form of the API has. Each `[999]` makes an object with room for a thousand:
 * 90 kB of `a[999][999]…` would keep the process, and the name server in it, busy for a second.
 */
const maxBrackets = 3000

/**
 * Reads `a=1&b[x][0]=2` as PHP does: brackets nest, a name sent twice counts once, the last time. Throws when it
 * nests too deep, has too many fields or is not UTF-8. Never gives a key of Object.prototype.
 */
export function parseFields(text: string): Fields {
  if (text === '') return noFields
  if (text.split('&').length > maxFields) throw new RangeError('too many fields')
  if ((text.match(/\[|%5b/gi)?.length ?? 0) > maxBrackets) throw new RangeError('too many brackets')
  const parsed = qs.parse(text, {
    arrayLimit: 1000,
    allowSparse: true,
    depth: maxDepth - 1,
    strictDepth: true,
    duplicates: 'last',
    parameterLimit: maxFields,
    decoder: part => decodeURIComponent(part.replaceAll('+', ' ')),
  })
  return withKeys(parsed) as Fields // an object stays one
}

/** The fields of a query string, or {@link unreadable}. */
export function parseQuery(text: string): Fields {
  try {
    return parseFields(text)
  } catch {
    return unreadable
  }
}

/** Pairs as multipart forms carry them, by the same bracket rules. */
export function fieldsOfPairs(pairs: readonly (readonly [string, string])[]): Fields {
  // Names keep their brackets, everything else is encoded: qs then decodes it all again.
  return parseFields(
    pairs
      .map(
        ([name, value]) =>
          `${encodeURIComponent(name).replaceAll(/%5B|%5D/g, b => (b === '%5B' ? '[' : ']'))}=${encodeURIComponent(value)}`,
      )
      .join('&'),
  )
}

/**
 * `custom[5]=1` arrives as a list whose first five places are empty. The 5 means something, so such a list becomes an
 * object; a list without holes stays one, and the schema says which of the two it is to be (input.ts).
 */
function withKeys(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value) && Object.keys(value).length === value.length) return value.map(withKeys)
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withKeys(item)]))
}
