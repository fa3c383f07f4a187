import type { JsonSchema } from './schema.ts'

/** Keywords of JSON Schema that the Schema Object of Swagger 2.0 has too (https://swagger.io/specification/v2/#schema-object). */
const kept = [
  'title',
  'description',
  'default',
  'format',
  'multipleOf',
  'maximum',
  'minimum',
  'maxLength',
  'minLength',
  'pattern',
  'maxItems',
  'minItems',
  'uniqueItems',
  'maxProperties',
  'minProperties',
  'required',
  'enum',
  'example',
  'readOnly',
]

/**
 * A schema of the 3.1 document in the words of Swagger 2.0, which knows one type a schema, no null, no const and no anyOf.
 * What it cannot say is kept in `x-nullable` and `x-anyOf`, which common tools read.
 */
export function swaggerSchema(schema: JsonSchema): JsonSchema {
  if (schema.$ref !== undefined) return { $ref: schema.$ref.replace('#/components/schemas/', '#/definitions/') }
  if (schema.anyOf !== undefined) return union(schema, schema.anyOf)
  const types = (Array.isArray(schema.type) ? schema.type : [schema.type]) as readonly (string | undefined)[] // one or several
  const [type, ...more] = types.filter(each => each !== 'null')
  const isNullable = types.includes('null')
  const { items, properties, additionalProperties, exclusiveMinimum, exclusiveMaximum } = schema
  return {
    ...keptOf(schema),
    ...(type === undefined || more.length > 0 ? {} : { type }),
    ...(isNullable ? { 'x-nullable': true } : {}),
    ...('const' in schema ? { enum: [schema.const] } : {}),
    ...(type === 'array' ? { items: swaggerSchema(items ?? {}) } : {}),
    ...(properties === undefined ? {} : { properties: eachOf(properties) }),
    ...(isSchema(additionalProperties) ? { additionalProperties: swaggerSchema(additionalProperties) } : {}),
    ...(typeof exclusiveMinimum === 'number' ? { minimum: exclusiveMinimum, exclusiveMinimum: true } : {}),
    ...(typeof exclusiveMaximum === 'number' ? { maximum: exclusiveMaximum, exclusiveMaximum: true } : {}),
  }
}

/** Every schema of a map, converted. */
export function eachOf(schemas: Readonly<Record<string, JsonSchema>>): Record<string, JsonSchema> {
  return Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, swaggerSchema(schema)]))
}

function union(schema: JsonSchema, options: readonly JsonSchema[]): JsonSchema {
  const values = options.filter(option => option.type !== 'null')
  const nullable = values.length < options.length ? { 'x-nullable': true } : {}
  const [only] = values
  if (only !== undefined && values.length === 1) return { ...swaggerSchema(only), ...keptOf(schema), ...nullable }
  return { ...keptOf(schema), ...nullable, 'x-anyOf': values.map(swaggerSchema) }
}

function keptOf(schema: JsonSchema): JsonSchema {
  const entries = kept.filter(keyword => schema[keyword] !== undefined).map(keyword => [keyword, schema[keyword]])
  return Object.fromEntries(entries)
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null
}
