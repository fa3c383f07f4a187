import { operations } from '@innkeeper/contract'
import fc from 'fast-check'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type TestApp, testApp } from '../../test/app.ts'
import { traps } from '../../test/gates/traps.ts'
import { seedAccount } from '../../test/seed.ts'
import { userHttp } from '../../test/user-http.ts'
import type { Identity } from '../context.ts'
import { fieldsOfPairs, parseFields } from './fields.ts'
import { parseJson } from './json.ts'

let app: TestApp
let server: FastifyInstance
let identity: Identity
let reached = false
let unstorable: unknown

beforeAll(async () => {
  app = await testApp()
  identity = (await seedAccount(app)).identity
  // Whatever gets as far as a handler must be storable: PostgreSQL is asked to take it.
  const handle = async (_ctx: unknown, input: object) => {
    const stored = app.db.selectNoFrom(eb => eb.cast<string>(eb.val(JSON.stringify(input)), 'jsonb').as('input'))
    unstorable = await stored.execute().then(
      () => undefined,
      error => error,
    )
    reached = true
    throw new Error('as far as it goes')
  }
  server = userHttp(
    app,
    operations.map(operation => ({ operation, handle })),
    async () => identity,
  )
})
afterAll(async () => {
  await server.close()
  await app.close()
})

const types = [
  'application/json',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'multipart/form-data; boundary="',
  'text/plain',
  'application/xml',
  ';',
  '',
]
const anyBody = fc.oneof(
  fc.uint8Array({ maxLength: 300 }).map(bytes => Buffer.from(bytes)),
  fc.json(),
  fc.jsonValue({ maxDepth: 12 }).map(value => JSON.stringify({ name: value, content: value, privileges: value })),
  fc
    .string({ unit: 'binary' })
    .map(text => `name=${encodeURIComponent(text.replaceAll(/\p{Surrogate}/gu, ''))}&content[${text}]=1`),
  fc
    .constantFrom(...traps)
    .map(trap => JSON.stringify({ name: trap, content: { 1: trap }, privileges: trap, items: [trap] })),
  fc.constantFrom('__proto__[a]=1', '[[[[[[[[[[', '{"a":1e999}', '{"constructor":{"prototype":1}}', '--x\r\n\r\n--x--'),
)

test('no body, of whatever type, to whatever operation, breaks anything before the handler', async () => {
  const property = fc.asyncProperty(
    fc.constantFrom(...operations),
    fc.constantFrom(...types),
    anyBody,
    fc.webQueryParameters(),
    async (operation, type, payload, query) => {
      const url = `/api${operation.path.replaceAll(/\{\w+\}/g, '7')}?${query}`
      const headers = { 'content-type': type }
      reached = false
      const answer = await server.inject({ method: operation.method, url, headers, payload })
      expect(answer.json().success).toBe(false)
      expect([answer.statusCode >= 500, unstorable]).toEqual([reached, undefined])
    },
  )
  await fc.assert(property, { numRuns: 400 })
})

describe('readers', () => {
  test('JSON of up to eight levels without a key twice is read as JSON.parse reads it', () => {
    const value = fc.jsonValue({ maxDepth: 6 })
    fc.assert(
      fc.property(fc.dictionary(fc.string({ unit: 'binary' }), value), fc.constantFrom(0, 2), (object, indent) => {
        const text = JSON.stringify(object, null, indent)
        fc.pre(!text.includes('__proto__'))
        expect(parseJson(text)).toEqual(JSON.parse(text))
      }),
    )
  })
  test('a key twice is found wherever it stands and however it is escaped', () => {
    const escaped = (key: string) => [...key].map(c => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`).join('')
    const key = fc.string({ minLength: 1 }).filter(text => !text.includes('__proto__'))
    fc.assert(
      fc.property(key, fc.array(fc.constantFrom('[', '{"k":'), { maxLength: 5 }), (name, wrappers) => {
        const inner = `{${JSON.stringify(name)}:"{\\"",  "${escaped(name)}" : 2}`
        const closing = wrappers
          .map(open => (open === '[' ? ']' : '}'))
          .reverse()
          .join('')
        expect(() => parseJson(`${wrappers.join('')}${inner}${closing}`)).toThrow('bad_request')
      }),
    )
  })
  test('multipart pairs and a form of the same fields are the same', () => {
    const name = fc.constantFrom('a', 'b[0]', 'b[1]', 'c[x]', 'c[y][]', 'd')
    const value = fc.string({ unit: 'grapheme' })
    fc.assert(
      fc.property(fc.uniqueArray(fc.tuple(name, value), { selector: ([field]) => field }), pairs => {
        expect(fieldsOfPairs(pairs)).toEqual(parseFields(new URLSearchParams(pairs).toString()))
      }),
    )
  })
})
