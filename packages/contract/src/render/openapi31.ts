import { type ErrorCode, errors } from '../errors.ts'
import type { Access, AnyOperation } from '../op.ts'
import { type AuthScheme, type Dialect, type ProfileName, profiles } from '../profiles.ts'
import { answersOf, errorSchema, sharedAnswers } from './answers.ts'
import { errorsOf, isPlanned } from './declared.ts'
import { bodyOf, parametersOf, takesIfMatch } from './requests.ts'
import type { Sample } from './samples.ts'
import { SchemaNames } from './schema.ts'
import { moduleOf, tagOf } from './tags.ts'

/** What a document is made of. */
export interface DocumentOptions {
  /** Decides the ways to sign in that are shown; which operations, the caller decides. */
  readonly profile: ProfileName
  /** Where the server is reached, without trailing slash; paths stand below its /api. */
  readonly serverUrl: string
  readonly title: string
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
export type OperationObject = Readonly<Record<string, unknown>> & { readonly operationId: string }

/** Describes operations in OpenAPI 3.1 (https://spec.openapis.org/oas/v3.1.0.html). */
export function openapi31(options: DocumentOptions): OpenApiDocument {
  const { operations, profile } = options
  const names = new SchemaNames()
  names.add('Error', errorSchema)
  const versioned = new Set(operations.filter(takesIfMatch).map(operation => operation.path))
  const paths: Record<string, Record<string, OperationObject>> = {}
  for (const operation of operations) {
    paths[operation.path] = {
      ...paths[operation.path],
      [operation.method.toLowerCase()]: describe(operation, names, options, versioned.has(operation.path)),
    }
  }
  const modules = [...new Set(operations.map(moduleOf))]
  const used = new Set(operations.flatMap(errorsOf))
  return {
    openapi: '3.1.0',
    info: { title: options.title, version: options.version, description: introduction(options) },
    servers: [{ url: `${options.serverUrl}/api` }],
    tags: modules.map(tagOf).map(({ title, description }) => ({ name: title, description })),
    paths,
    components: {
      schemas: names.all(),
      responses: sharedAnswers((Object.keys(errors) as ErrorCode[]).filter(code => used.has(code))), // keys of a constant
      parameters: headerParameters,
      headers: answerHeaders,
      securitySchemes: Object.fromEntries(profiles[profile].schemes.map(scheme => [scheme, securitySchemes[scheme]])),
    },
  }
}

function describe(
  operation: AnyOperation,
  names: SchemaNames,
  options: DocumentOptions,
  versioned: boolean,
): OperationObject {
  const requestBody = bodyOf(operation, names)
  const samples = options.samples?.(operation) ?? []
  const schemes: readonly AuthScheme[] = profiles[options.profile].schemes
  return {
    operationId: operation.id,
    tags: [tagOf(moduleOf(operation)).title],
    summary: operation.summary,
    description: paragraphs(operation),
    ...(isPlanned(operation) ? { 'x-planned': true } : {}),
    security: operation.access.kind === 'public' ? [] : schemes.map(scheme => ({ [scheme]: [] })),
    parameters: parametersOf(operation, names),
    ...(requestBody === undefined ? {} : { requestBody }),
    responses: answersOf(operation, names, options.dialect ?? 'documented', versioned && operation.method === 'GET'),
    ...(samples.length === 0
      ? {}
      : { 'x-codeSamples': samples.map(({ language, label, code }) => ({ lang: language, label, source: code })) }),
  }
}

function paragraphs(operation: AnyOperation): string {
  const also = operation.alsoMethods ?? []
  return [
    isPlanned(operation) ? '**Planned.** This server does not carry it out yet and answers `invalid method`.' : '',
    operation.description ?? '',
    also.length === 0 ? '' : `${also.join(' and ')} to this path ${also.length === 1 ? 'means' : 'mean'} the same.`,
    accessRule(operation.access),
  ]
    .filter(text => text !== '')
    .join('\n\n')
}

function accessRule(access: Access): string {
  switch (access.kind) {
    case 'public':
      return 'Needs no sign-in.'
    case 'signed-in':
      return ''
    case 'area':
      return `Needs the privilege \`${access.area}.${access.key}\`.`
    case 'object':
      return `Needs the privilege \`${access.key}\` on the ${access.area === 'services' ? 'service' : 'domain'}.`
    case 'listed':
      return `Shows the ${access.area} on which you have the privilege \`${access.key}\`.`
  }
}

function introduction({ profile, dialect }: DocumentOptions): string {
  const schemes: readonly AuthScheme[] = profiles[profile].schemes
  const bearer = 'an access token of `/login` or a personal token as `Authorization: Bearer …`'
  const basic = 'your e-mail address and password as HTTP Basic'
  const ways = schemes.map(scheme => (scheme === 'bearer' ? bearer : basic)).join(', or ')
  return [
    `Sign in with ${ways}.`,
    'Send fields as JSON or as a form, also with PHP brackets (`nameservers[0]=…`), or in the query. ' +
      'Answers are JSON. A change that worked carries `"success": true`; a failure carries `"success": false`, `error` with ' +
      'codes, and `fields` with codes by field when the input was invalid.',
    'Any change may carry an `Idempotency-Key`: the same request with the same key is carried out once.',
    dialect === 'recorded'
      ? 'This server answers in the `recorded` dialect: a failure comes with status 200 and `"success": false`, except a bad ' +
        'sign-in (401), and messages with arguments are nested.'
      : '',
  ]
    .filter(text => text !== '')
    .join('\n\n')
}

const securitySchemes: Readonly<Record<AuthScheme, object>> = {
  bearer: { type: 'http', scheme: 'bearer', description: 'An access token, or a personal token.' },
  basic: { type: 'http', scheme: 'basic', description: 'E-mail address and password.' },
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
