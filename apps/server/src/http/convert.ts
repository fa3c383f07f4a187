import type { TSchema } from 'typebox'

/** Makes of a text, number or PHP list what a schema's type asks for; what does not fit is left for validation to refuse. */
export type Convert = (value: unknown) => unknown

interface Schema {
  readonly type?: string
  readonly anyOf?: readonly TSchema[]
  readonly items?: TSchema
  readonly properties?: Readonly<Record<string, TSchema>>
  readonly patternProperties?: Readonly<Record<string, TSchema>>
}

export interface FieldConverter {
  readonly convert: Convert
  /** False for numbers: an empty form field is a number that was not sent. */
  readonly takesEmpty: boolean
  /** Whether null is a value of its own: the schema names it. Else it is a field that was not sent. */
  readonly takesNull: boolean
}

/** The converters of an object's properties, made once per schema. */
export function convertersOf(properties: Readonly<Record<string, TSchema>>): Map<string, FieldConverter> {
  return new Map(
    Object.entries(properties).map(([name, schema]) => {
      const { type, anyOf } = schema as Schema // the part of JSON Schema that the contract uses
      const takesEmpty = type !== 'integer' && type !== 'number'
      const takesNull = anyOf?.some(option => (option as Schema).type === 'null') ?? false // as above
      return [name, { convert: converterOf(schema), takesEmpty, takesNull }]
    }),
  )
}

function converterOf(schema: TSchema): Convert {
  const { type, anyOf, items, properties, patternProperties } = schema as Schema // as above
  if (anyOf !== undefined) return unionConverter(anyOf)
  if (type === 'string') return toText
  if (type === 'integer' || type === 'number') return toNumber
  if (type === 'boolean') return toBoolean
  if (type === 'array') return listConverter(items === undefined ? same : converterOf(items))
  if (type === 'object' && patternProperties !== undefined)
    return mapConverter(Object.values(patternProperties).map(converterOf)[0] ?? same)
  if (type === 'object' && properties !== undefined) return objectConverter(convertersOf(properties))
  return same
}

const same: Convert = value => value

function toText(value: unknown): unknown {
  if (typeof value === 'boolean') return String(value)
  // A number that JSON.parse has rounded is no longer what the client wrote.
  if (typeof value === 'number' && (Number.isSafeInteger(value) || !Number.isInteger(value))) return String(value)
  return value
}

function toNumber(value: unknown): unknown {
  return typeof value === 'string' && /^\s*[-+]?\d+(\.\d+)?\s*$/.test(value) ? Number(value) : value
}

function toBoolean(value: unknown): unknown {
  if (value === 1 || value === 0) return value === 1
  if (typeof value !== 'string') return value
  const text = value.toLowerCase()
  if (['1', 'true', 'on', 'yes'].includes(text)) return true
  if (['', '0', 'false', 'off', 'no'].includes(text)) return false
  return value
}

function listConverter(convert: Convert): Convert {
  return value => {
    if (value === '') return []
    const list = Array.isArray(value) ? value : isListLike(value) ? Object.values(value) : [value]
    return list.map(convert)
  }
}

function isListLike(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && Object.keys(value).every(key => /^\d+$/.test(key))
}

/** For PHP an empty list and an empty map are the same, and a map with the keys 0, 1, … is a list. */
function mapConverter(convert: Convert): Convert {
  return value =>
    typeof value === 'object' && value !== null
      ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, convert(item)]))
      : value
}

function objectConverter(properties: Map<string, FieldConverter>): Convert {
  return value => {
    if (typeof value !== 'object' || value === null) return value
    const source = value as Record<string, unknown> // an object's entries
    const converted: Record<string, unknown> = {}
    for (const [name, { convert, takesEmpty }] of properties) {
      if (!Object.hasOwn(source, name) || source[name] === null || (source[name] === '' && !takesEmpty)) continue
      converted[name] = convert(source[name])
    }
    return converted
  }
}

function unionConverter(options: readonly TSchema[]): Convert {
  const byType = new Map<string, Convert>()
  for (const option of options) {
    const { type } = option as Schema // as above
    const kind = type === 'integer' ? 'number' : (type ?? 'any')
    if (!byType.has(kind)) byType.set(kind, converterOf(option))
  }
  return value => {
    const kind = Array.isArray(value) ? 'array' : typeof value
    const exact = byType.get(kind)
    if (exact !== undefined) return exact(value)
    if (kind === 'object') return isListLike(value) ? (byType.get('array') ?? same)(value) : value
    const fallback = byType.get('string') ?? byType.get('number') ?? byType.get('boolean')
    return fallback === undefined ? value : fallback(value)
  }
}
