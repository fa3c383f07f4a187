import { expect, test } from 'vitest'
import { swaggerSchema } from './swagger2-schema.ts'

test.each([
  ['a second type null', { type: ['string', 'null'] }, { type: 'string', 'x-nullable': true }],
  ['a constant', { type: 'boolean', const: true }, { type: 'boolean', enum: [true] }],
  [
    'alternatives',
    { description: 'Content', anyOf: [{ type: 'string' }, { type: 'integer' }] },
    { description: 'Content', 'x-anyOf': [{ type: 'string' }, { type: 'integer' }] },
  ],
  [
    'one alternative or null',
    { anyOf: [{ type: 'string' }, { type: 'null' }] },
    { type: 'string', 'x-nullable': true },
  ],
  ['a reference', { $ref: '#/components/schemas/Page', description: 'x' }, { $ref: '#/definitions/Page' }],
  [
    'an exclusive limit',
    { type: 'number', exclusiveMinimum: 0 },
    { type: 'number', minimum: 0, exclusiveMinimum: true },
  ],
  ['a list without a type of items', { type: 'array' }, { type: 'array', items: {} }],
  ['anything', {}, {}],
  [
    'a map',
    { type: 'object', additionalProperties: { type: ['integer', 'null'] } },
    { type: 'object', additionalProperties: { type: 'integer', 'x-nullable': true } },
  ],
])('%s is said in the words of Swagger 2.0', (_, schema, expected) => {
  expect(swaggerSchema(schema)).toEqual(expected)
})
