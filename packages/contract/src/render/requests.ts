import { type AnyOperation, pathParameters } from '../op.ts'
import { named } from './answers.ts'
import { takesKey } from './declared.ts'
import { pascal } from './names.ts'
import type { JsonSchema, SchemaNames } from './schema.ts'

type Fields = Readonly<Record<string, unknown>>

/** Whether an operation's fields are shown as a body; elsewhere they are shown in the query. */
export function hasBody(operation: AnyOperation): boolean {
  return operation.method === 'POST' || operation.method === 'PUT'
}

/** The example request of an operation, split as the documents and samples show it. */
export function splitRequest(operation: AnyOperation, request: Fields = {}): { path: Fields; fields: Fields } {
  const inPath = pathParameters(operation.path)
  const entries = Object.entries(request)
  return {
    path: Object.fromEntries(entries.filter(([name]) => inPath.includes(name))),
    fields: Object.fromEntries(entries.filter(([name]) => !inPath.includes(name))),
  }
}

/** Path parameters, fields of the query for GET and DELETE, and the headers an operation understands. */
export function parametersOf(operation: AnyOperation, names: SchemaNames): Fields[] {
  const inPath = pathParameters(operation.path)
  const shown = hasBody(operation) ? inPath : [...inPath, ...fieldNames(operation)]
  const required = operation.input.required as readonly string[] | undefined // absent when nothing is required
  const example = operation.examples[0].request ?? {}
  const parameters = shown.map(name => {
    const { description, ...schema } = names.convert(operation.input.properties[name] ?? {})
    const isPath = inPath.includes(name)
    return {
      name: schema.type === 'array' ? listName(name) : name,
      in: isPath ? 'path' : 'query',
      required: isPath || (required?.includes(name) ?? false),
      ...(description === undefined ? {} : { description }),
      schema,
      ...(name in example ? { example: example[name] } : {}),
    }
  })
  return [
    ...parameters,
    ...(takesIfMatch(operation) ? [{ $ref: '#/components/parameters/IfMatch' }] : []),
    ...(takesKey(operation) ? [{ $ref: '#/components/parameters/IdempotencyKey' }] : []),
  ]
}

/** Operations on a thing with a version refuse a stale one. */
export function takesIfMatch(operation: AnyOperation): boolean {
  return operation.errors.includes('precondition_failed')
}

/** The body of POST and PUT, as JSON and as a form; undefined when the operation has no fields. */
export function bodyOf(operation: AnyOperation, names: SchemaNames) {
  const fields = fieldNames(operation)
  if (!hasBody(operation) || fields.length === 0) return undefined
  const required = (operation.input.required ?? []).filter(name => fields.includes(name))
  const properties: Record<string, JsonSchema> = Object.fromEntries(
    fields.map(name => [name, names.convert(operation.input.properties[name] ?? {})]),
  )
  const schema = names.add(`${pascal(operation.id)}Input`, {
    type: 'object',
    ...(required.length > 0 ? { required } : {}),
    properties,
  })
  const examples = named(operation.examples, example => splitRequest(operation, example.request).fields)
  return {
    required: required.length > 0,
    content: {
      'application/json': { schema, examples },
      'application/x-www-form-urlencoded': form(properties, required, schema),
    },
  }
}

/** The same fields as a form. Lists and nested fields are sent with brackets, for which OpenAPI has no word of its own. */
function form(properties: Readonly<Record<string, JsonSchema>>, required: readonly string[], schema: JsonSchema) {
  const entries = Object.entries(properties)
  const nested = entries.filter(([, property]) => property.type === 'object' || isUntyped(property))
  const encoding = Object.fromEntries(nested.map(([name]) => [name, { style: 'deepObject', explode: true }]))
  const isList = (name: string) => properties[name]?.type === 'array'
  const asSent = (name: string) => (isList(name) ? listName(name) : name)
  const renamed: JsonSchema = {
    type: 'object',
    ...(required.length > 0 ? { required: required.map(asSent) } : {}),
    properties: Object.fromEntries(entries.map(([name, property]) => [asSent(name), property])),
  }
  return {
    schema: entries.some(([name]) => isList(name)) ? renamed : schema,
    ...(nested.length > 0 ? { encoding } : {}),
  }
}

/** How a list is named in a form and a query: of a name sent twice, the server takes the last, as PHP does. */
export function listName(name: string): string {
  return `${name}[]`
}

function fieldNames(operation: AnyOperation): string[] {
  const inPath = pathParameters(operation.path)
  return Object.keys(operation.input.properties).filter(name => !inPath.includes(name))
}

/** Whether a schema takes a tree; null may be named beside it. */
function isUntyped({ type, anyOf, $ref }: JsonSchema): boolean {
  if (anyOf !== undefined) return anyOf.every(option => option.type === 'null' || isUntyped(option))
  return type === undefined && $ref === undefined
}
