import type { AnyOperation, Example } from '../op.ts'
import type { Dialect } from '../profiles.ts'
import type { InfoMessage } from '../wire.ts'
import { isMutation } from './declared.ts'
import { pascal } from './names.ts'
import type { JsonSchema, SchemaNames } from './schema.ts'

type Answer = Readonly<Record<string, unknown>>

/** What an operation answers when it worked: its reply, and the other types it can answer with. */
export function successAnswer(operation: AnyOperation, names: SchemaNames, dialect: Dialect, etag: boolean): Answer {
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

/** Mutations carry `success: true` besides what they are declared with; the server adds it (http/answer.ts). */
function replySchema(operation: AnyOperation, reply: JsonSchema): JsonSchema {
  if (!isMutation(operation)) return reply
  if (reply.anyOf !== undefined) return { ...reply, anyOf: reply.anyOf.map(option => replySchema(operation, option)) }
  if (reply.properties === undefined || 'success' in reply.properties) return reply
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
function wireReply(operation: AnyOperation, reply: Answer): Answer {
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
