import { type ErrorCode, errors } from '../errors.ts'
import type { AnyOperation } from '../op.ts'
import { errorsOf } from './declared.ts'
import { pascal } from './names.ts'
import type { JsonSchema } from './schema.ts'

type Answer = Readonly<Record<string, unknown>>

/** Groups of up to this many codes are common to many operations and stand once in a document; longer ones do not. */
const sharedLength = 3

/** The failures of the operations of one document, and the `components.responses` they share. */
export class Failures {
  readonly #shared = new Map<string, Answer>()

  /** The failures of an operation by status, as the server sends them. */
  of(operation: AnyOperation): Record<string, Answer> {
    const byStatus = new Map<number, ErrorCode[]>()
    for (const code of errorsOf(operation)) {
      const { status } = errors[code]
      byStatus.set(status, [...(byStatus.get(status) ?? []), code])
    }
    const sorted = [...byStatus].sort(([a], [b]) => a - b)
    return Object.fromEntries(sorted.map(([status, codes]) => [status, this.#answer(codes)]))
  }

  /** Every shared failure, by name in alphabetical order. */
  all(): Record<string, Answer> {
    return Object.fromEntries([...this.#shared].sort(([a], [b]) => (a < b ? -1 : 1)))
  }

  #answer(codes: readonly ErrorCode[]): Answer {
    if (codes.length > sharedLength) return failure(codes)
    const name = [...codes].sort().map(pascal).join('Or')
    if (!this.#shared.has(name)) this.#shared.set(name, failure(codes))
    return { $ref: `#/components/responses/${name}` }
  }
}

function failure(codes: readonly ErrorCode[]): Answer {
  const lines = codes.map(code => `\`${code}\`: ${errors[code].meaning} ${errors[code].remedy}`)
  const examples = codes.map(code => [pascal(code), { summary: code, value: example(code) }])
  return {
    description: lines.length === 1 ? lines[0] : lines.map(line => `* ${line}`).join('\n'),
    ...(codes.includes('rate_limited') || codes.includes('temporarily_unavailable')
      ? { headers: { 'Retry-After': { $ref: '#/components/headers/Retry-After' } } }
      : {}),
    content: {
      'application/json': {
        schema: { $ref: '#/components/schemas/Error' },
        examples: Object.fromEntries(examples),
      },
    },
  }
}

function example(code: ErrorCode): Answer {
  const aboutField = code === 'field_empty_error' || code === 'field_format_error'
  if (aboutField) return { success: false, error: [code, 'name'], fields: { name: [code] } }
  return { success: false, error: [code] }
}

/** The one shape of every failure. */
export const errorSchema: JsonSchema = {
  type: 'object',
  required: ['success', 'error'],
  properties: {
    success: { const: false, type: 'boolean' },
    error: {
      type: 'array',
      minItems: 1,
      items: { type: 'string' },
      description: 'Codes, some followed by an argument',
    },
    fields: {
      type: 'object',
      additionalProperties: { type: 'array', items: { type: 'string' } },
      description: 'Codes by field, when the input was invalid',
    },
  },
}
