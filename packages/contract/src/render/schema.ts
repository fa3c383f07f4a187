import type { TSchema } from 'typebox'
import { Privileges } from '../modules/contacts.ts'
import { Client } from '../modules/person.ts'
import { Info, Page } from '../wire.ts'

/** A JSON Schema of the 2020-12 vocabulary, as OpenAPI 3.1 takes it. */
export interface JsonSchema {
  readonly [keyword: string]: unknown
  readonly type?: string | readonly string[]
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly required?: readonly string[]
  readonly items?: JsonSchema
  readonly anyOf?: readonly JsonSchema[]
  readonly enum?: readonly unknown[]
  readonly $ref?: string
}

/** Shapes that many operations share; the documents name them once. Compared by content: Optional() makes copies. */
const shared: ReadonlyMap<string, string> = new Map(
  Object.entries({ Client, Page, Privileges, Info }).map(([name, schema]) => [JSON.stringify(schema), name]),
)

/** Collects `components.schemas` while a document is built. */
export class SchemaNames {
  readonly #schemas = new Map<string, JsonSchema>()

  /** Puts a schema under a name and gives the reference to it. The same name twice means the same schema. */
  add(name: string, schema: JsonSchema): JsonSchema {
    this.#schemas.set(name, schema)
    return { $ref: `#/components/schemas/${name}` }
  }

  /** A TypeBox schema as a document shows it, with shared shapes replaced by references. */
  convert(schema: TSchema): JsonSchema {
    const plain = schema as JsonSchema // TypeBox schemas are JSON Schema objects
    const name = shared.get(JSON.stringify(plain))
    return name === undefined ? this.#tidy(plain) : this.add(name, this.#tidy(plain))
  }

  /** Every collected schema, by name in alphabetical order. */
  all(): Record<string, JsonSchema> {
    return Object.fromEntries([...this.#schemas].sort(([a], [b]) => (a < b ? -1 : 1)))
  }

  #tidy(schema: JsonSchema): JsonSchema {
    const { anyOf, properties, items, patternProperties, ...rest } = schema
    if (anyOf !== undefined)
      return tidyUnion(
        rest,
        anyOf.map(option => this.convert(option)),
      )
    return {
      ...rest,
      ...(properties === undefined
        ? {}
        : {
            properties: Object.fromEntries(
              Object.entries(properties).map(([name, property]) => [name, this.convert(property)]),
            ),
          }),
      ...(items === undefined ? {} : { items: this.convert(items) }),
      ...(patternProperties === undefined ? {} : { additionalProperties: this.convert(anyKey(patternProperties)) }),
    }
  }
}

/** TypeBox writes a map with string keys as one pattern that every key fits. */
function anyKey(patternProperties: unknown): JsonSchema {
  return Object.values(patternProperties as Record<string, JsonSchema>)[0] ?? {} // a record has one pattern
}

/** Constants become an enumeration, "or null" becomes a second type: what readers and client generators know best. */
function tidyUnion(rest: JsonSchema, options: readonly JsonSchema[]): JsonSchema {
  const values = options.filter(option => option.type !== 'null')
  const nullable = values.length < options.length
  const [first] = values
  if (first !== undefined && values.every(option => 'const' in option && option.type === first.type)) {
    const constants = values.map(option => option.const)
    return {
      ...rest,
      type: nullable ? [String(first.type), 'null'] : String(first.type),
      enum: nullable ? [...constants, null] : constants,
    }
  }
  if (nullable && values.length === 1 && typeof first?.type === 'string') {
    return { ...first, ...rest, type: [first.type, 'null'] }
  }
  return { ...rest, anyOf: options }
}
