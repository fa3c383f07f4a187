import SwaggerParser from '@apidevtools/swagger-parser'
import { Validator } from '@seriousme/openapi-schema-validator'
import { expect, test } from 'vitest'
import { operations } from '../contract.ts'
import { errors } from '../errors.ts'
import { type AnyOperation, pathParameters } from '../op.ts'
import { inProfile, type ProfileName, profileNames } from '../profiles.ts'
import { errorsOf, extensionOperations, isPlanned, publishedOperations } from './declared.ts'
import { type OpenApiDocument, openapi31 } from './openapi31.ts'
import { samplesOf } from './samples.ts'
import { swagger2 } from './swagger2.ts'
import { moduleOf, tags } from './tags.ts'

const sources = [
  ...profileNames.map(profile => ({ name: profile, profile, list: publishedOperations(profile) })),
  { name: 'extensions', profile: 'full' as const, list: extensionOperations() },
]

function documentOf(profile: ProfileName, list: readonly AnyOperation[]): OpenApiDocument {
  const serverUrl = 'https://my.example.com'
  const samples = (operation: AnyOperation) => samplesOf(operation, { serverUrl, authorization: 'Bearer YOUR_TOKEN' })
  return openapi31({ profile, serverUrl, title: 'Example', version: '1', operations: list, samples })
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
  const shapes = new Map<string, string>()
  for (const { path } of operations) {
    const shape = path.replaceAll(/\{\w+\}/g, '{}')
    expect(shapes.get(shape) ?? path).toBe(path)
    shapes.set(shape, path)
  }
})

test('every placeholder of a path is a field of the operation, and is in its examples', () => {
  for (const operation of operations) {
    for (const name of pathParameters(operation.path)) {
      expect(Object.keys(operation.input.properties), operation.id).toContain(name)
      for (const { request } of operation.examples) expect(request, operation.id).toHaveProperty(name)
    }
  }
})

test('every module has a heading and a description', () => {
  const modules = new Set(operations.map(moduleOf))
  expect([...modules].filter(module => tags[module] === undefined)).toEqual([])
})

test('an operation lists the errors of its access rule and its method besides its own', () => {
  const createZone = operations.find(({ id }) => id === 'dns.createZone')
  const login = operations.find(({ id }) => id === 'auth.login')
  if (createZone === undefined || login === undefined) throw new Error('dns.createZone and auth.login are declared')
  expect(errorsOf(createZone)).toEqual(expect.arrayContaining(['not_found', 'dnszonetaken', 'idempotency_in_flight']))
  expect(errorsOf(login)).not.toContain('unauthorized')
  for (const operation of operations) for (const code of errorsOf(operation)) expect(errors[code]).toBeDefined()
})
