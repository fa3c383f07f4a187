import type { AnyOperation } from '../op.ts'
import type { Dialect } from '../profiles.ts'
import { successAnswer } from './answers.ts'
import { isPlanned } from './declared.ts'
import { errorSchema, Failures } from './failures.ts'
import { bodyOf, parametersOf, takesIfMatch } from './requests.ts'
import type { Sample } from './samples.ts'
import { SchemaNames } from './schema.ts'
import { inReadingOrder, moduleOf, tagOf } from './tags.ts'
import { paragraphs } from './wording.ts'

/** What a document is made of. */
export interface DocumentOptions {
  /** Where the server is reached, without trailing slash. */
  readonly serverUrl: string
  /** Where the paths of the operations stand below that: `/api`. */
  readonly basePath: string
  readonly title: string
  /** The text before the operations, in CommonMark. */
  readonly introduction: string
  /** The ways to sign in, by name. */
  readonly securitySchemes: Readonly<Record<string, object>>
  readonly version: string
  readonly operations: readonly AnyOperation[]
  /** `documented` unless told: the schema of answers differs for some operations. */
  readonly dialect?: Dialect
  /** Code to show beside each operation (samples.ts); none when absent, for small documents. */
  readonly samples?: (operation: AnyOperation) => readonly Sample[]
}

/** An OpenAPI 3.1 document, ready to be serialised. */
export interface OpenApiDocument {
  readonly openapi: '3.1.0'
  readonly info: { readonly title: string; readonly version: string; readonly description: string }
  readonly servers: readonly { readonly url: string }[]
  readonly tags: readonly { readonly name: string; readonly description: string }[]
  readonly paths: Readonly<Record<string, Readonly<Record<string, OperationObject>>>>
  readonly components: Readonly<Record<string, Readonly<Record<string, unknown>>>>
}
/** One operation of a document. */
export type OperationObject = Readonly<Record<string, unknown>> & { readonly operationId: string }

/** Describes operations in OpenAPI 3.1 (https://spec.openapis.org/oas/v3.1.0.html). */
export function openapi31(options: DocumentOptions): OpenApiDocument {
  const { operations, dialect = 'documented' } = options
  const names = new SchemaNames(dialect)
  names.add('Error', errorSchema)
  const failures = new Failures()
  const versioned = new Set(operations.filter(takesIfMatch).map(operation => operation.path))
  const shared = { names, failures, versioned }
  const paths: Record<string, Record<string, OperationObject>> = {}
  for (const operation of operations) {
    paths[operation.path] = {
      ...paths[operation.path],
      [operation.method.toLowerCase()]: describe(operation, shared, options),
    }
  }
  const modules = new Set(operations.map(moduleOf))
  return {
    openapi: '3.1.0',
    info: {
      title: options.title,
      version: options.version,
      description: options.introduction,
    },
    servers: [{ url: `${options.serverUrl}${options.basePath}` }],
    tags: inReadingOrder(modules).map(({ title, description }) => ({ name: title, description })),
    paths,
    components: {
      schemas: names.all(),
      responses: failures.all(),
      parameters: headerParameters,
      headers: answerHeaders,
      securitySchemes: options.securitySchemes,
    },
  }
}

/** What the operations of one document have in common. */
interface Shared {
  readonly names: SchemaNames
  readonly failures: Failures
  /** Paths of things with a version. */
  readonly versioned: ReadonlySet<string>
}

function describe(operation: AnyOperation, shared: Shared, options: DocumentOptions): OperationObject {
  const { names, failures, versioned } = shared
  const hasEtag = operation.method === 'GET' && versioned.has(operation.path)
  const requestBody = bodyOf(operation, names)
  const samples = options.samples?.(operation) ?? []
  const schemes = Object.keys(options.securitySchemes)
  return {
    operationId: operation.id,
    tags: [tagOf(moduleOf(operation)).title],
    summary: operation.summary,
    description: paragraphs(operation),
    ...(isPlanned(operation) ? { 'x-planned': true, 'x-badges': [{ name: 'Planned' }] } : {}),
    security: operation.access.kind === 'public' ? [] : schemes.map(scheme => ({ [scheme]: [] })),
    parameters: parametersOf(operation, names),
    ...(requestBody === undefined ? {} : { requestBody }),
    responses: {
      200: successAnswer(operation, names, options.dialect ?? 'documented', hasEtag),
      ...failures.of(operation),
    },
    ...(samples.length === 0
      ? {}
      : { 'x-codeSamples': samples.map(({ language, label, code }) => ({ lang: language, label, source: code })) }),
  }
}

const headerParameters = {
  IdempotencyKey: {
    name: 'Idempotency-Key',
    in: 'header',
    required: false,
    description:
      'A text of your choice, new for each intent. The same request with the same key within 24 hours is answered as the first was, and carried out once.',
    schema: { type: 'string', maxLength: 255 },
  },
  IfMatch: {
    name: 'If-Match',
    in: 'header',
    required: false,
    description: 'The `ETag` you read. The change is refused when somebody changed the thing since.',
    schema: { type: 'string' },
  },
}

const answerHeaders = {
  'X-Request-Id': { description: 'Names this request in our logs; tell it to support.', schema: { type: 'string' } },
  ETag: { description: 'Version of what was read, for `If-Match`.', schema: { type: 'string' } },
  'Retry-After': { description: 'Seconds to wait.', schema: { type: 'integer' } },
}
