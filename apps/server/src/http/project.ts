import type { TSchema } from 'typebox'
import { Compile } from 'typebox/compile'

/** Copies of a value what a schema names, in the schema's order. */
export type Project = (value: unknown) => unknown

interface Schema {
  readonly type?: string
  readonly anyOf?: readonly TSchema[]
  readonly allOf?: readonly TSchema[]
  readonly items?: TSchema
  readonly properties?: Readonly<Record<string, TSchema>>
  readonly patternProperties?: Readonly<Record<string, TSchema>>
}
type Row = Record<string, unknown>

/**
 * The projection of a schema, made once per schema. A field the schema does not name never gets through, whatever a
 * handler returns; a schema without any type (Type.Unknown) lets everything through, as it says.
 */
export function projectionOf(schema: TSchema): Project {
  const { type, anyOf, allOf, items, properties, patternProperties } = schema as Schema // the part of JSON Schema in use
  if (anyOf !== undefined) return anyOf.every(isScalar) ? scalar : unionProjection(anyOf)
  if (allOf !== undefined) return everyProjection(allOf.map(projectionOf))
  if (isScalar(schema)) return scalar
  if (type === 'array') return items === undefined || isUntyped(items) ? same : listProjection(projectionOf(items))
  if (type === 'object' && patternProperties !== undefined) return mapProjection(Object.values(patternProperties))
  if (type === 'object') return objectProjection(properties ?? {})
  return same
}

const same: Project = value => value

const scalar: Project = value => {
  if (typeof value === 'object' && value !== null) throw new TypeError('an object stands where the reply has a scalar')
  return value
}

function isScalar(schema: TSchema): boolean {
  const { type } = schema as Schema // as above
  return type !== undefined && type !== 'object' && type !== 'array'
}

function isUntyped(schema: TSchema): boolean {
  const { type, anyOf, allOf } = schema as Schema // as above
  return type === undefined && anyOf === undefined && allOf === undefined
}

function listProjection(project: Project): Project {
  return value => (Array.isArray(value) ? value.map(item => project(item)) : scalar(value))
}

function objectProjection(properties: Readonly<Record<string, TSchema>>): Project {
  const fields = Object.entries(properties).map(([name, schema]) => ({ name, project: projectionOf(schema) }))
  return value => {
    if (typeof value !== 'object' || value === null) return value
    const source = value as Row // an object's entries
    const copy: Row = {}
    for (const { name, project } of fields) {
      const field = source[name]
      if (field !== undefined) copy[name] = project(field)
    }
    return copy
  }
}

function mapProjection(schemas: readonly TSchema[]): Project {
  const project = schemas[0] === undefined ? same : projectionOf(schemas[0])
  return value =>
    typeof value === 'object' && value !== null
      ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, project(item)]))
      : value
}

function everyProjection(projections: readonly Project[]): Project {
  return value => Object.assign({}, ...projections.map(project => project(value)))
}

/** Takes the first option that the value fits. */
function unionProjection(options: readonly TSchema[]): Project {
  const branches = options.map(option => ({ fits: Compile(option), project: projectionOf(option) }))
  return value => {
    const branch = branches.find(({ fits }) => fits.Check(value))
    if (branch === undefined) throw new TypeError('no form of the reply fits')
    return branch.project(value)
  }
}
