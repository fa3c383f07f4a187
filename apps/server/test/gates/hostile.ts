import { type AnyOperation, type ErrorCode, pathParameters } from '@innkeeper/contract'
import { errorsOf } from '@innkeeper/contract/render'
import fc from 'fast-check'
import type { FastifyInstance } from 'fastify'
import { expect } from 'vitest'

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

/** Where random input is sent, as whom, and ids that exist there. */
export interface Target {
  readonly server: FastifyInstance
  readonly prefix: string
  readonly token: string
  readonly ids: Readonly<Record<string, string>>
}

/** Whatever comes in, the answer is JSON, its code one that the operation lists, and never a 5xx. */
export async function withstands(operation: AnyOperation, { server, prefix, token, ids }: Target): Promise<void> {
  const names = Object.keys(operation.input.properties)
  const listed: readonly ErrorCode[] = errorsOf(operation)
  const fields = fc.dictionary(
    fc.oneof(fc.constantFrom(...names, 'extra', '__proto__', 'constructor'), fc.string()),
    value,
    { maxKeys: 8 },
  )
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
        const answer = await server.inject({
          method: operation.method,
          url: `${prefix}${path}${form === 'query' ? `?${query}` : ''}`,
          headers: {
            authorization: `Bearer ${token}`,
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
}

/** Half a surrogate pair cannot stand in a URL; bodies carry it as it is. */
function wellFormed(text: string): string {
  return text.replaceAll(/\p{Surrogate}/gu, '\ufffd')
}
