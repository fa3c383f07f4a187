import { type ErrorCode, operations, pathParameters, planned } from '@innkeeper/contract'
import { errorsOf } from '@innkeeper/contract/render'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createWorld, type World } from './world.ts'

/* Whatever comes in, the answer is JSON, its code one that the operation lists, and never a 5xx. */

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

const plannedIds = new Set(Object.entries(planned).flatMap(([module, names]) => names.map(name => `${module}.${name}`)))
// logout would end the session the other calls use
const targets = operations.filter(operation => !plannedIds.has(operation.id) && operation.id !== 'auth.logout')

const nasty = fc.oneof(
  fc.constantFrom(
    "'; drop table account; --",
    '\u0000',
    '\ud800',
    '../../etc/passwd',
    'a\r\nSet-Cookie: x=1',
    '__proto__',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a template that must stay text
    '${7*7}',
    '<script>',
    '9'.repeat(400),
    '-1',
    '1e309',
    'NaN',
    '٣',
    '\u202e',
    'ﬀ',
    ' ',
    '"',
    '\\',
    '%00',
    '0x10',
    '1;2',
  ),
  fc.string({ unit: 'binary' }),
  fc.integer(),
  fc.double(),
  fc.boolean(),
  fc.constant(null),
  fc.bigInt().map(String),
)
const value = fc.letrec(tie => ({
  any: fc.oneof(
    { maxDepth: 4 },
    nasty,
    fc.array(tie('any'), { maxLength: 4 }),
    fc.dictionary(fc.string(), tie('any'), { maxKeys: 4 }),
  ),
})).any

test.each(targets)('$id', async operation => {
  const names = Object.keys(operation.input.properties)
  const listed: readonly ErrorCode[] = errorsOf(operation)
  const fields = fc.dictionary(
    fc.oneof(fc.constantFrom(...names, 'extra', '__proto__', 'constructor'), fc.string()),
    value,
    { maxKeys: 8 },
  )
  const ids: Record<string, string> = { service_id: world.serviceId, zone_id: world.zoneId, id: world.contactId }
  await fc.assert(
    fc.asyncProperty(
      fields,
      fc.constantFrom('json', 'form', 'query', 'raw'),
      fc.boolean(),
      nasty,
      async (sent, form, realIds, odd) => {
        const path = operation.path.replaceAll(/\{(\w+)\}/g, (_all, name: string) =>
          realIds && ids[name] !== undefined
            ? ids[name]
            : encodeURIComponent(wellFormed(String(odd)).slice(0, 50) || '1'),
        )
        const query = new URLSearchParams(
          Object.entries(sent).map(
            ([k, v]) =>
              [wellFormed(k), wellFormed(typeof v === 'object' ? JSON.stringify(v) : String(v))] as [string, string],
          ),
        ).toString()
        const answer = await world.server.inject({
          method: operation.method,
          url: `/api${path}${form === 'query' ? `?${query}` : ''}`,
          headers: {
            authorization: `Bearer ${world.token}`,
            ...(form === 'form' ? { 'content-type': 'application/x-www-form-urlencoded' } : {}),
            ...(form === 'json' || form === 'raw' ? { 'content-type': 'application/json' } : {}),
          },
          ...(form === 'json' ? { payload: JSON.stringify(sent) } : form === 'form' ? { payload: query } : {}),
          ...(form === 'raw' ? { payload: String(odd) } : {}),
        })
        expect(answer.statusCode, answer.body).toBeLessThan(500)
        const json = answer.json() as { success?: boolean; error?: string[] } // every answer is an object
        if (answer.statusCode >= 400) {
          expect(json.success).toBe(false)
          expect(listed, answer.body).toContain(json.error?.[0])
        }
      },
    ),
    { numRuns: pathParameters(operation.path).length > 0 ? 40 : 25 },
  )
})

/** Half a surrogate pair cannot stand in a URL; bodies carry it as it is. */
function wellFormed(text: string): string {
  return text.replaceAll(/\p{Surrogate}/gu, '\ufffd')
}
