import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { operations } from './contract.ts'
import { documentedOperations } from './documented-operations.ts'
import { inProfile, profileNames, profiles } from './profiles.ts'

/** The shape of a documented answer: a JSON type, what a list holds, or the keys of an object (`*` for any id or name). */
type Shape = string | Shape[] | { [key: string]: Shape }

const shapes = JSON.parse(readFileSync(new URL('./documented-shapes.json', import.meta.url), 'utf8')) as Record<
  string,
  Shape
> // written once, in this form

const declared = new Map(operations.map(operation => [`${operation.method} ${operation.path}`, operation]))
const declaredAs = (key: string) => {
  const operation = declared.get(key)
  if (operation === undefined) throw new Error(`${key} is not declared`)
  return operation
}

describe('the documented operations', () => {
  test('are 143, and the contract declares exactly these and its extensions', () => {
    expect(documentedOperations).toHaveLength(143)
    const documented = operations.filter(operation => operation.documents.length > 0)
    expect(documented.map(operation => `${operation.method} ${operation.path}`).sort()).toEqual(
      documentedOperations.map(({ method, path }) => `${method} ${path}`).sort(),
    )
  })

  test.each(profileNames)('that profile %s serves are those of its documents', name => {
    const letters: readonly string[] = profiles[name].documents
    const served = operations.filter(operation => operation.documents.length > 0 && inProfile(operation, name))
    const expected = documentedOperations.filter(operation => [...operation.letters].some(l => letters.includes(l)))
    expect(served.map(operation => `${operation.method} ${operation.path}`).sort()).toEqual(
      expected.map(({ method, path }) => `${method} ${path}`).sort(),
    )
  })

  test.each(documentedOperations)('$method $path is in the documents $letters', ({ method, path, letters }) => {
    expect([...declaredAs(`${method} ${path}`).documents].sort()).toEqual([...letters].sort())
  })

  test.each(documentedOperations)('$method $path takes every documented parameter', ({ method, path, parameters }) => {
    const taken = Object.keys(declaredAs(`${method} ${path}`).input.properties)
    expect(taken).toEqual(expect.arrayContaining([...parameters]))
  })

  test.each(Object.entries(shapes))('%s shows every documented key with its JSON type', (key, shape) => {
    const found = declaredAs(key).examples.map(({ reply }) => {
      return differences({ success: true, ...(reply as object) }, shape, '') // the server adds success to mutations
    })
    expect(found.find(list => list.length === 0) ?? found[0]).toEqual([])
  })
})

describe('differences between a reply and a shape', () => {
  test.each([
    ['a number for a string', { id: 1 }, { id: 'string' }],
    ['a missing key', {}, { id: 'string' }],
    ['an object for a list', { rows: {} }, { rows: ['string'] }],
    ['null for a text', { id: null }, { id: 'string' }],
    ['an empty list where rows are documented', { rows: [] }, { rows: ['string'] }],
    ['an entry of a map of another type', { by: { 7: 1 } }, { by: { '*': 'string' } }],
    ['a row of an undocumented shape', { rows: [{ a: 1 }] }, { rows: [{ a: 'string' }, { b: 'number' }] }],
  ] as [string, unknown, Shape][])('are found: %s', (_title, reply, shape) => {
    expect(differences(reply, shape, '')).not.toEqual([])
  })
})

/** Where the value lacks a key of the shape or has another JSON type; several shapes of a list's rows are alternatives. */
function differences(value: unknown, shape: Shape, at: string): string[] {
  const type = value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value
  if (typeof shape === 'string') return type === shape ? [] : [`${at}: ${type}, documented ${shape}`]
  if (Array.isArray(shape)) {
    if (!Array.isArray(value)) return [`${at}: ${type}, documented array`]
    if (value.length === 0 && shape.length > 0) return [`${at}: no example of a row`]
    if (shape.length === 0) return []
    return value.flatMap((row, index) => {
      const found = shape.map(alternative => differences(row, alternative, `${at}[${index}]`))
      return found.some(list => list.length === 0) ? [] : (found[0] ?? [])
    })
  }
  if (type !== 'object') return [`${at}: ${type}, documented object`]
  const object = value as Record<string, unknown> // its type was looked at above
  return Object.entries(shape).flatMap(([key, part]) => {
    if (key !== '*') return key in object ? differences(object[key], part, `${at}.${key}`) : [`${at}.${key}: missing`]
    const entries = Object.entries(object).filter(([name]) => !(name in shape))
    if (entries.length === 0) return [`${at}: no example of an entry`]
    return entries.flatMap(([name, entry]) => differences(entry, part, `${at}.${name}`))
  })
}
