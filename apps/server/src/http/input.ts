import type { AnyOperation } from '@innkeeper/contract'
import type { TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import { Refusal } from '../refusal.ts'

type Fields = Record<string, unknown>

/** Turns what a client sent into what the operation's schema describes, or refuses with the fields that do not fit. */
export function inputReader(operation: AnyOperation): (raw: Fields) => Fields {
  const validator = Compile(operation.input)
  const properties = Object.entries(operation.input.properties as Record<string, TSchema>)
  return raw => {
    const input: Fields = {}
    for (const [name, schema] of properties) {
      if (Object.hasOwn(raw, name) && raw[name] !== undefined && raw[name] !== null)
        input[name] = convert(schema, raw[name])
    }
    if (validator.Check(input)) return input as Fields
    throw refusalOf(validator.Errors(input), input)
  }
}

/** What the type of a schema makes of a text, number or PHP list; anything else is left for validation to refuse. */
function convert(schema: TSchema, value: unknown): unknown {
  const { type, anyOf, items, properties } = schema as {
    type?: string
    anyOf?: TSchema[]
    items?: TSchema
    properties?: Record<string, TSchema>
  }
  if (anyOf !== undefined) {
    const fitting = anyOf.find(
      option => (option as { type?: string }).type === (Array.isArray(value) ? 'array' : typeof value),
    )
    return fitting === undefined ? value : convert(fitting, value)
  }
  if (type === 'string') return typeof value === 'number' || typeof value === 'boolean' ? String(value) : value
  if (type === 'integer' || type === 'number') {
    return typeof value === 'string' && /^\s*[-+]?\d+(\.\d+)?\s*$/.test(value) ? Number(value) : value
  }
  if (type === 'boolean') return toBoolean(value)
  if (type === 'array') {
    const list = Array.isArray(value) ? value : isListLike(value) ? Object.values(value) : value === '' ? [] : [value]
    return items === undefined ? list : list.map(item => convert(items, item))
  }
  if (type === 'object' && properties !== undefined && isObject(value)) {
    const fields = Object.entries(value).filter(([, field]) => field !== undefined && field !== null)
    return Object.fromEntries(
      fields.map(([name, field]) => {
        const property = Object.hasOwn(properties, name) ? properties[name] : undefined
        return [name, property === undefined ? field : convert(property, field)]
      }),
    )
  }
  return value
}

function toBoolean(value: unknown): unknown {
  if (value === 1 || value === 0) return value === 1
  if (typeof value !== 'string') return value
  const text = value.toLowerCase()
  if (['1', 'true', 'on', 'yes'].includes(text)) return true
  if (['', '0', 'false', 'off', 'no'].includes(text)) return false
  return value
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isListLike(value: unknown): value is Record<string, unknown> {
  return isObject(value) && Object.keys(value).every(key => /^\d+$/.test(key))
}

function refusalOf(
  found: readonly { keyword: string; instancePath: string; params: object }[],
  input: Fields,
): Refusal {
  const fields: Record<string, string[]> = {}
  for (const error of found) {
    if (error.keyword === 'required') {
      for (const name of (error.params as { requiredProperties: string[] }).requiredProperties)
        fields[name] = ['field_empty_error']
    } else {
      const name = error.instancePath.split('/')[1]
      if (name !== undefined) fields[name] ??= input[name] === '' ? ['field_empty_error'] : ['field_format_error']
    }
  }
  const [first, codes] = Object.entries(fields)[0] ?? ['', ['field_format_error']]
  const code = codes[0] === 'field_empty_error' ? 'field_empty_error' : 'field_format_error'
  return new Refusal(code, { also: [first], fields })
}
