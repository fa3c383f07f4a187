import SwaggerParser from '@apidevtools/swagger-parser'
import { Validator } from '@seriousme/openapi-schema-validator'
import { Check } from 'typebox/schema'
import { expect, test } from 'vitest'
import { operations } from '../contract.ts'
import { errors } from '../errors.ts'
import { type AnyOperation, pathParameters } from '../op.ts'
import { inProfile, type ProfileName, profileNames } from '../profiles.ts'
import { staffOperations } from '../staff/contract.ts'
import { staffApiDocument, userApiDocument } from './apis.ts'
import { errorsOf, extensionOperations, isPlanned, publishedOperations } from './declared.ts'
import type { OpenApiDocument } from './openapi31.ts'
import { samplesOf } from './samples.ts'
import { swagger2 } from './swagger2.ts'
import { moduleOf, tags } from './tags.ts'

const sources = [
  ...profileNames.map(profile => ({ name: profile, profile, list: publishedOperations(profile) })),
  { name: 'extensions', profile: 'full' as const, list: extensionOperations() },
  { name: 'the staff API', profile: 'staff' as const, list: staffOperations },
]

function documentOf(profile: ProfileName | 'staff', list: readonly AnyOperation[]): OpenApiDocument {
  const serverUrl = 'https://my.example.com'
  const samples = (operation: AnyOperation) => samplesOf(operation, { serverUrl, authorization: 'Bearer YOUR_TOKEN' })
  const options = { serverUrl, title: 'Example', version: '1', operations: list, samples }
  return profile === 'staff' ? staffApiDocument(options) : userApiDocument({ ...options, profile })
}

interface Described {
  readonly requestBody?: WithContent
  readonly responses: { readonly '200'?: WithContent }
}
interface WithContent {
  readonly content: Readonly<
    Record<string, { readonly schema: object; readonly examples?: Record<string, { readonly value: unknown }> }>
  >
}

function methodsAndPaths(document: { paths: Readonly<Record<string, object>> }): string[] {
  return Object.entries(document.paths)
    .flatMap(([path, methods]) => Object.keys(methods).map(method => `${method.toUpperCase()} ${path}`))
    .sort()
}

/** As it is sent: what JSON drops or refuses must not hide from the validator. */
const sent = (document: object): Record<string, unknown> => JSON.parse(JSON.stringify(document))

test.each(sources)('the OpenAPI 3.1 document of $name is valid', async ({ profile, list }) => {
  expect(await new Validator().validate(sent(documentOf(profile, list)))).toEqual({ valid: true })
})

test.each(sources)('the Swagger 2.0 document of $name is valid', async ({ profile, list }) => {
  expect(await new Validator().validate(sent(swagger2(documentOf(profile, list))))).toEqual({ valid: true })
})

test.each(sources)(
  'a second validator, which knows more rules of Swagger 2.0, agrees on $name',
  async ({ profile, list }) => {
    const document = sent(swagger2(documentOf(profile, list))) as unknown as Parameters<
      typeof SwaggerParser.validate
    >[0] // JSON
    await expect(SwaggerParser.validate(document)).resolves.toBeDefined()
  },
)

test('the documents of a brand that answers in the recorded dialect are valid and show its shapes', async () => {
  const list = publishedOperations('full')
  const shared = { serverUrl: 'https://my.example.com', title: 'Example', version: '1', operations: list }
  const document = userApiDocument({ ...shared, profile: 'full', dialect: 'recorded' })
  expect(await new Validator().validate(sent(document))).toEqual({ valid: true })
  expect(await new Validator().validate(sent(swagger2(document)))).toEqual({ valid: true })
  const zone = document.components.schemas?.DnsGetZoneReply as { properties: { records: object } } // of the contract
  expect(zone.properties.records).toHaveProperty('additionalProperties')
})

test.each([
  ['the User API', 'full', operations],
  ['the staff API', 'staff', staffOperations],
] as const)('every example of a document of %s fits the schema it stands beside', (_name, profile, list) => {
  const document = documentOf(profile, list)
  const examples = Object.values(document.paths).flatMap(methods =>
    Object.values(methods).flatMap(operation => {
      const { requestBody, responses } = operation as unknown as Described // as the renderer writes it
      return [requestBody, responses['200']].flatMap(described => {
        const media = described?.content['application/json']
        const values = Object.values(media?.examples ?? {})
        return values.map(({ value }) => ({ id: operation.operationId, schema: media?.schema ?? {}, value }))
      })
    }),
  )
  const { components } = document // where the references of the schemas lead
  expect(examples.length).toBeGreaterThan(list.length)
  expect(examples.filter(({ schema, value }) => !Check({ ...schema, components }, value)).map(({ id }) => id)).toEqual(
    [],
  )
  const [first] = examples
  expect(Check({ ...first?.schema, components }, { unlike: 'it' })).toBe(false)
})

test('a Swagger 2.0 document says nothing that only later versions know', () => {
  const text = JSON.stringify(swagger2(documentOf('full', operations)))
  expect(text).not.toMatch(/"(anyOf|oneOf|const|patternProperties|requestBody|components)":/)
  expect(text).not.toMatch(/"type":(\[|"null")/)
})

test.each(profileNames)('the documents of %s hold the published operations of the profile and no others', profile => {
  const document = documentOf(profile, publishedOperations(profile))
  const expected = operations
    .filter(operation => inProfile(operation, profile) && operation.documents.length > 0)
    .map(operation => `${operation.method} ${operation.path}`)
    .sort()
  expect(methodsAndPaths(document)).toEqual(expected)
  expect(methodsAndPaths(swagger2(document))).toEqual(expected)
})

test('a document says of every planned operation that it is planned, and of no other', () => {
  const { paths } = documentOf('full', publishedOperations('full'))
  for (const operation of publishedOperations('full')) {
    const shown = paths[operation.path]?.[operation.method.toLowerCase()]
    expect([operation.id, shown?.['x-planned'] ?? false]).toEqual([operation.id, isPlanned(operation)])
  }
})

test('every reference of a document leads to something in it', () => {
  for (const { profile, list } of sources) {
    const document = documentOf(profile, list)
    for (const each of [sent(document), sent(swagger2(document))]) {
      for (const [, reference] of JSON.stringify(each).matchAll(/"\$ref":"([^"]+)"/g)) {
        const found = reference
          ?.split('/')
          .slice(1)
          .reduce<unknown>((at, key) => (at as Record<string, unknown>)?.[key], each)
        expect(found, reference).toBeDefined()
      }
    }
  }
})

test('no two paths differ only in the names of their parameters', () => {
  for (const list of [operations, staffOperations]) {
    const shapes = new Map<string, string>()
    for (const { path } of list) {
      const shape = path.replaceAll(/\{\w+\}/g, '{}')
      expect(shapes.get(shape) ?? path).toBe(path)
      shapes.set(shape, path)
    }
  }
})

test('every placeholder of a path is a field of the operation, and is in its examples', () => {
  for (const operation of [...operations, ...staffOperations]) {
    for (const name of pathParameters(operation.path)) {
      expect(Object.keys(operation.input.properties), operation.id).toContain(name)
      for (const { request } of operation.examples) expect(request, operation.id).toHaveProperty(name)
    }
  }
})

test('every module has a heading and a description', () => {
  const modules = new Set([...operations, ...staffOperations].map(moduleOf))
  expect([...modules].filter(module => tags[module] === undefined)).toEqual([])
})

test('an operation lists the errors of its access rule and its method besides its own', () => {
  const createZone = operations.find(({ id }) => id === 'dns.createZone')
  const login = operations.find(({ id }) => id === 'auth.login')
  if (createZone === undefined || login === undefined) throw new Error('dns.createZone and auth.login are declared')
  expect(errorsOf(createZone)).toEqual(expect.arrayContaining(['not_found', 'dnszonetaken', 'idempotency_in_flight']))
  expect(errorsOf(login)).not.toContain('unauthorized')
  for (const operation of [...operations, ...staffOperations])
    for (const code of errorsOf(operation)) expect(errors[code]).toBeDefined()
})

test('the document of the staff API shows the matrix of roles', () => {
  const { description } = documentOf('staff', staffOperations).info
  expect(description).toContain('| may | owner | billing | support | readonly |')
  expect(description).toContain('| `team`: manage the staff | yes |  |  |  |')
})
