import { type AnyOperation, pathParameters } from '@innkeeper/contract'
import type { TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import { notFound, Refusal } from '../refusal.ts'
import { convertersOf } from './convert.ts'
import type { Fields } from './fields.ts'

/** Where the fields of a request may stand. */
export interface Sources {
  readonly params: Fields
  readonly body: Fields
  readonly query: Fields
}

type Input = Record<string, unknown>

/**
 * Turns what a client sent into what the operation's schema describes, or refuses with the fields that do not fit.
 * A field counts where it stands first: path, body, query. Fields the schema does not know are ignored.
 */
export function inputReader(operation: AnyOperation): (sources: Sources) => Input {
  const validator = Compile(operation.input)
  const inPath = new Set(pathParameters(operation.path))
  const required = new Set((operation.input as { required?: string[] }).required) // TypeBox leaves it out when empty
  const names = Object.keys(operation.input.properties)
  const lists = new Set(names.filter(name => isListOfObjects(operation.input.properties[name])))
  const properties = [...convertersOf(operation.input.properties as Record<string, TSchema>)].map(
    ([name, converter]) => ({ ...converter, name, inPath: inPath.has(name) }),
  )
  return sources => {
    const input: Input = {}
    for (const property of properties) {
      const sent = property.inPath ? sources.params[property.name] : fieldOf(sources, property)
      if (sent === undefined || (sent === '' && (required.has(property.name) || !property.takesEmpty))) continue
      input[property.name] = property.convert(sent)
    }
    const wrong = validator.Check(input) ? badTexts(input) : wrongFields(validator.Errors(input), lists)
    if (wrong === undefined) return input
    for (const name of inPath) if (wrong.has(name)) throw notFound()
    throw refusalOf(names, wrong)
  }
}

function fieldOf({ body, query }: Sources, { name, takesNull }: { name: string; takesNull: boolean }): unknown {
  if (Object.hasOwn(body, name) && (takesNull || body[name] !== null)) return body[name]
  return Object.hasOwn(query, name) ? query[name] : undefined
}

type Wrong = Map<string, 'field_empty_error' | 'field_format_error'>

function isListOfObjects(schema: TSchema | undefined): boolean {
  const { type, items } = (schema ?? {}) as { type?: string; items?: { type?: string } } // JSON Schema
  return type === 'array' && items?.type === 'object'
}

/** By the names of the fields; of a list of things, which of them and what about it: `items[1][product_id]`. */
function wrongFields(
  found: readonly { keyword: string; instancePath: string; params: object }[],
  lists: ReadonlySet<string>,
): Wrong {
  const wrong: Wrong = new Map()
  for (const { keyword, instancePath, params } of found) {
    const [name = '', ...within] = instancePath.split('/').slice(1)
    const inList = lists.has(name)
    const place = inList ? nameOf([name, ...within]) : name
    if (keyword === 'required' && (name === '' || inList)) {
      const { requiredProperties } = params as { requiredProperties: string[] } // what this keyword's params are
      const path = name === '' ? [] : [name, ...within]
      for (const missing of requiredProperties) wrong.set(nameOf([...path, missing]), 'field_empty_error')
    } else if (place !== '' && !wrong.has(place)) wrong.set(place, 'field_format_error')
  }
  return wrong
}

function nameOf([name = '', ...within]: readonly string[]): string {
  return `${name}${within.map(part => `[${part}]`).join('')}`
}

/** PostgreSQL takes neither U+0000 nor half a surrogate pair in a text. */
const notStorable = /\0|\p{Surrogate}/u

function badTexts(input: Input): Wrong | undefined {
  let wrong: Wrong | undefined
  for (const name of Object.keys(input)) {
    if (!isStorable(input[name])) {
      wrong ??= new Map()
      wrong.set(name, 'field_format_error')
    }
  }
  return wrong
}

function isStorable(value: unknown): boolean {
  if (typeof value === 'string') return !notStorable.test(value)
  if (typeof value !== 'object' || value === null) return true
  return Object.entries(value).every(([key, item]) => isStorable(key) && isStorable(item))
}

/** In the order of the schema. */
function refusalOf(names: readonly string[], wrong: Wrong): Refusal {
  const all = names.flatMap(name => [...wrong].filter(([place]) => place === name || place.startsWith(`${name}[`)))
  const [first, code] = all[0] ?? ['', 'field_format_error']
  return new Refusal(code, { also: [first], fields: Object.fromEntries(all.map(([place, own]) => [place, [own]])) })
}
