import { type ErrorCode, errors } from '../errors.ts'
import type { AnyOperation, Example } from '../op.ts'
import type { Dialect } from '../profiles.ts'
import type { InfoMessage } from '../wire.ts'
import { errorsOf, isMutation } from './declared.ts'
import { pascal } from './names.ts'
import type { JsonSchema, SchemaNames } from './schema.ts'

type Answer = Readonly<Record<string, unknown>>

/** The answers of an operation by status: its reply, and its errors grouped as the server sends them. */
export function answersOf(operation: AnyOperation, names: SchemaNames, dialect: Dialect, etag: boolean) {
  const byStatus = new Map<number, ErrorCode[]>()
  for (const code of errorsOf(operation)) {
    const { status } = errors[code]
    byStatus.set(status, [...(byStatus.get(status) ?? []), code])
  }
  const failures = [...byStatus].sort(([a], [b]) => a - b)
  return {
    200: successAnswer(operation, names, dialect, etag),
    ...Object.fromEntries(failures.map(([status, codes]) => [status, failureAnswer(codes)])),
  }
}

function successAnswer(operation: AnyOperation, names: SchemaNames, dialect: Dialect, etag: boolean): Answer {
  const recorded = dialect === 'recorded' ? operation.recorded : undefined
  const schema = names.add(
    `${pascal(operation.id)}Reply`,
    replySchema(operation, names.convert(recorded ?? operation.reply)),
  )
  const others = (operation.alsoProduces ?? []).map(type => [type, { schema: { type: 'string', format: 'binary' } }])
  return {
    description: 'Done.',
    headers: {
      'X-Request-Id': { $ref: '#/components/headers/X-Request-Id' },
      ...(etag ? { ETag: { $ref: '#/components/headers/ETag' } } : {}),
    },
    content: {
      'application/json': { schema, ...(recorded === undefined ? { examples: replyExamples(operation) } : {}) },
      ...Object.fromEntries(others),
    },
  }
}

/** Mutations carry `success: true` besides what they are declared with; the server adds it (http/app.ts). */
function replySchema(operation: AnyOperation, reply: JsonSchema): JsonSchema {
  if (!isMutation(operation) || reply.properties === undefined || 'success' in reply.properties) return reply
  return {
    ...reply,
    properties: { ...reply.properties, success: { const: true, type: 'boolean' } },
    required: [...(reply.required ?? []), 'success'],
  }
}

function replyExamples(operation: AnyOperation) {
  return named(operation.examples, example => wireReply(operation, example.reply as Answer)) // replies are JSON objects
}

/** An example reply as it goes over the wire in the `documented` dialect: `success` added, `info` flattened and last. */
export function wireReply(operation: AnyOperation, reply: Answer): Answer {
  const { info, ...payload } = reply
  const messages = info as readonly InfoMessage[] | undefined // by the reply schemas, info is always this
  return {
    ...payload,
    ...(isMutation(operation) ? { success: true } : {}),
    ...(messages === undefined ? {} : { info: messages.flat() }),
  }
}

/** OpenAPI keeps examples under names; ours come from their titles, or their place. */
export function named(examples: readonly Example[], value: (example: Example) => unknown) {
  return Object.fromEntries(
    examples.map((example, index) => {
      const key = example.title?.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-') ?? `example${index + 1}`
      return [key, { ...(example.title === undefined ? {} : { summary: example.title }), value: value(example) }]
    }),
  )
}

function failureAnswer(codes: readonly ErrorCode[]): Answer {
  const [only] = codes
  if (only !== undefined && codes.length === 1) return { $ref: `#/components/responses/${pascal(only)}` }
  return {
    description: codes.map(code => `* \`${code}\`: ${errors[code].meaning} ${errors[code].remedy}`).join('\n'),
    content: errorContent(codes),
  }
}

function errorContent(codes: readonly ErrorCode[]) {
  const examples = Object.fromEntries(codes.map(code => [pascal(code), { summary: code, value: errorExample(code) }]))
  return { 'application/json': { schema: { $ref: '#/components/schemas/Error' }, examples } }
}

function errorExample(code: ErrorCode): Answer {
  const aboutField = code === 'field_empty_error' || code === 'field_format_error'
  if (aboutField) return { success: false, error: [code, 'name'], fields: { name: [code] } }
  return { success: false, error: [code] }
}

/** `components.responses`: one for each code, for the statuses where an operation has only that one. */
export function sharedAnswers(used: readonly ErrorCode[]) {
  return Object.fromEntries(
    used.map(code => [
      pascal(code),
      {
        description: `\`${code}\`: ${errors[code].meaning} ${errors[code].remedy}`,
        ...(code === 'rate_limited'
          ? { headers: { 'Retry-After': { $ref: '#/components/headers/Retry-After' } } }
          : {}),
        content: errorContent([code]),
      },
    ]),
  )
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
