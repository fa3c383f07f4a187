import type { OpenApiDocument, OperationObject } from './openapi31.ts'
import type { JsonSchema } from './schema.ts'
import { eachOf, swaggerSchema } from './swagger2-schema.ts'

type Fields = Readonly<Record<string, unknown>>

/* The parts of our own 3.1 document that have another form in 2.0. */
interface Media {
  readonly schema: JsonSchema
  readonly examples?: Readonly<Record<string, { readonly value: unknown }>>
}
type Content = Readonly<Record<string, Media>>
interface Answer {
  readonly $ref?: string
  readonly description: string
  readonly headers?: Readonly<Record<string, { readonly $ref: string }>>
  readonly content?: Content
}
interface Parameter {
  readonly $ref?: string
  readonly name: string
  readonly in: string
  readonly required: boolean
  readonly description?: string
  readonly schema: JsonSchema
}
interface Header {
  readonly description: string
  readonly schema: JsonSchema
}

/** A Swagger 2.0 document, ready to be serialised. */
export interface SwaggerDocument extends Fields {
  readonly swagger: '2.0'
  readonly paths: Readonly<Record<string, Readonly<Record<string, OperationObject>>>>
}

const json = 'application/json'

/** Writes a document of {@link openapi31} in Swagger 2.0 (https://swagger.io/specification/v2/). */
export function swagger2(document: OpenApiDocument): SwaggerDocument {
  const server = new URL(document.servers[0]?.url ?? 'http://localhost')
  const { schemas, responses, parameters, headers, securitySchemes } = document.components
  const answerHeaders = (headers ?? {}) as Record<string, Header> // as openapi31.ts writes them, like the four below
  const convertAnswer = (answer: Answer) => swaggerAnswer(answer, answerHeaders)
  return {
    swagger: '2.0',
    info: document.info,
    host: server.host,
    basePath: server.pathname,
    schemes: [server.protocol.replace(':', '')],
    consumes: [json, 'application/x-www-form-urlencoded'],
    produces: [json],
    tags: document.tags,
    paths: mapValues(document.paths, methods =>
      mapValues(methods, operation => swaggerOperation(operation, convertAnswer)),
    ),
    definitions: eachOf((schemas ?? {}) as Record<string, JsonSchema>),
    responses: mapValues((responses ?? {}) as Record<string, Answer>, convertAnswer),
    parameters: mapValues((parameters ?? {}) as Record<string, Parameter>, swaggerParameter),
    securityDefinitions: mapValues((securitySchemes ?? {}) as Record<string, SecurityScheme>, swaggerSecurity),
  }
}

function swaggerOperation(operation: OperationObject, convertAnswer: (answer: Answer) => Fields): OperationObject {
  const { parameters, requestBody, responses, ...rest } = operation
  const body = requestBody as { required: boolean; content: Content } | undefined // as requests.ts writes it
  const answers = responses as Record<string, Answer> // as answers.ts writes them
  const produced = Object.keys(answers['200']?.content ?? {})
  return {
    ...rest,
    ...(body === undefined ? {} : { consumes: Object.keys(body.content) }),
    ...(produced.length > 1 ? { produces: produced } : {}),
    parameters: [
      ...(parameters as Parameter[]).map(swaggerParameter),
      ...(body === undefined ? [] : [swaggerBody(body.required, body.content[json])]),
    ],
    responses: mapValues(answers, convertAnswer),
  }
}

/** 2.0 allows either a body or form fields; tools that send forms read the fields from the schema of the body. */
function swaggerBody(required: boolean, media: Media | undefined): Fields {
  return {
    name: 'body',
    in: 'body',
    description: 'As JSON or as a form with the same fields.',
    required,
    schema: swaggerSchema(media?.schema ?? {}),
    ...(media?.examples === undefined ? {} : { 'x-examples': mapValues(media.examples, example => example.value) }),
  }
}

function swaggerParameter(parameter: Parameter): Fields {
  if (parameter.$ref !== undefined) return { $ref: parameter.$ref.replace('#/components/', '#/') }
  const { name, required, description, schema } = parameter
  return {
    name,
    in: parameter.in,
    required,
    ...(description === undefined ? {} : { description }),
    ...simpleType(schema),
    ...(schema.type === 'array' && parameter.in === 'query' ? { collectionFormat: 'multi' } : {}),
  }
}

/** Parameters and headers of 2.0 are text, numbers, booleans and lists of them, and never references. */
function simpleType(schema: JsonSchema): JsonSchema {
  const { type, items, description: _, ...rest } = swaggerSchema(schema)
  if (type === 'array') return { ...rest, type, items: simpleType(items ?? {}) }
  if (typeof type === 'string' && type !== 'object') return { ...rest, type }
  return { type: 'string' }
}

function swaggerAnswer(answer: Answer, headers: Readonly<Record<string, Header>>): Fields {
  if (answer.$ref !== undefined) return { $ref: answer.$ref.replace('#/components/', '#/') }
  const media = answer.content?.[json]
  const example = Object.values(media?.examples ?? {})[0]
  return {
    description: answer.description,
    ...(answer.headers === undefined
      ? {}
      : { headers: mapValues(answer.headers, ref => swaggerHeader(ref.$ref, headers)) }),
    ...(media === undefined ? {} : { schema: swaggerSchema(media.schema) }),
    ...(example === undefined ? {} : { examples: { [json]: example.value } }),
  }
}

function swaggerHeader(reference: string, headers: Readonly<Record<string, Header>>): Fields {
  const header = headers[reference.replace('#/components/headers/', '')]
  if (header === undefined) throw new Error(`no header for ${reference}`)
  return { description: header.description, ...simpleType(header.schema) }
}

interface SecurityScheme {
  readonly scheme: string
  readonly description: string
}

/** 2.0 does not know bearer tokens; it takes them as an API key in the Authorization header. */
function swaggerSecurity({ scheme, description }: SecurityScheme): Fields {
  if (scheme === 'basic') return { type: 'basic', description }
  return {
    type: 'apiKey',
    name: 'Authorization',
    in: 'header',
    description: `${description} Write \`Bearer \` before it.`,
  }
}

function mapValues<V, R>(record: Readonly<Record<string, V>>, change: (value: V) => R): Record<string, R> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]))
}
