import type { AnyOperation, Dialect } from '@innkeeper/contract'
import type { TSchema } from 'typebox'
import { Type } from 'typebox'
import { Compile } from 'typebox/compile'
import { type Project, projectionOf } from './project.ts'

/** Writes what a handler returned as the text a client of the dialect expects. */
export type WriteAnswer = (answer: Readonly<Record<string, unknown>>) => string

export interface AnswerOptions {
  readonly dialect: Dialect
  /** Refuse to send what the reply schema does not describe. For tests and development; costs time. */
  readonly checkReplies: boolean
}

/** The writer of an operation. Its schemas are compiled at the first answer, so that starting stays quick. */
export function answerWriter(operation: AnyOperation, options: AnswerOptions): WriteAnswer {
  let write: WriteAnswer | undefined
  return answer => {
    write ??= compile(operation, options)
    return write(answer)
  }
}

function compile(operation: AnyOperation, { dialect, checkReplies }: AnswerOptions): WriteAnswer {
  const schema = dialect === 'recorded' && operation.recorded !== undefined ? operation.recorded : operation.reply
  const validator = checkReplies ? Compile(schema) : undefined
  const project = envelope(schema, operation.method !== 'GET')
  const adapt = dialect === 'documented' ? documentedForm(schema) : undefined
  return answer => {
    if (validator?.Check(answer) === false) {
      const found = validator.Errors(answer).map(error => `${error.instancePath} ${error.message}`)
      throw new TypeError(`the answer of ${operation.id} does not fit its reply schema: ${found.join('; ')}`)
    }
    return serialise(project(adapt === undefined ? answer : adapt(answer)), dialect)
  }
}

/** One line of JSON in the characters the dialect uses. */
export function serialise(value: unknown, dialect: Dialect): string {
  const text = JSON.stringify(value)
  return dialect === 'recorded' ? asciiOnly(text) : text
}

/** As PHP's json_encode writes by default. Neither character stands outside a string in JSON. */
function asciiOnly(text: string): string {
  return text
    .replaceAll('/', '\\/')
    .replaceAll(/[\u0080-\uffff]/g, char => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

/**
 * The payload in the order of its schema, then `success`, then `info`. A mutation that comes this far has succeeded;
 * clients look for the raw text `"success":true`.
 */
function envelope(schema: TSchema, mutation: boolean): Project {
  const { anyOf, properties } = schema as { anyOf?: TSchema[]; properties?: Record<string, TSchema> } // JSON Schema
  if (properties === undefined && anyOf === undefined) return projectionOf(schema)
  if (properties === undefined) {
    const projected = projectionOf(schema)
    return answer => ({ ...(projected(answer) as object), ...(mutation ? { success: true } : {}) }) // options are objects
  }
  const { info, ...payload } = properties
  const succeeds = mutation || payload.success !== undefined
  const project = projectionOf(
    Type.Object({
      ...payload,
      ...(succeeds ? { success: Type.Literal(true) } : {}),
      ...(info === undefined ? {} : { info }),
    }),
  )
  return succeeds ? answer => project({ success: true, ...(answer as object) }) : project // replies are objects
}

/** What the documents show otherwise than recorded traffic does, wherever it occurs (docs/decisions/0004). */
function documentedForm(schema: TSchema): ((answer: Readonly<Record<string, unknown>>) => object) | undefined {
  const properties = (schema as { properties?: Record<string, TSchema> }).properties ?? {} // JSON Schema
  const options = (properties.items as { anyOf?: { type?: string }[] } | undefined)?.anyOf ?? [] // the same
  const oneItemAlone = ['object', 'array'].every(type => options.some(option => option.type === type))
  if (properties.info === undefined && !oneItemAlone) return undefined
  return answer => {
    const { info, items } = answer
    return {
      ...answer,
      ...(Array.isArray(info) ? { info: info.flat() } : {}),
      ...(oneItemAlone && Array.isArray(items) && items.length === 1 ? { items: items[0] } : {}),
    }
  }
}
