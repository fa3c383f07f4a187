import { type AnyOperation, pathParameters } from '@innkeeper/contract'
import type { TSchema } from 'typebox'
import { expect } from 'vitest'
import type { Queryable } from '../../src/db/database.ts'
import type { Answer } from './send.ts'

/** What breaks whoever makes a text or number of a tree, or finds in its keys those that every object has. */
export const traps: readonly object[] = [
  ...['toString', 'toJSON', 'constructor', 'hasOwnProperty', 'then'].map(key => ({ [key]: 1 })),
  { toString: 1, valueOf: 1 },
  { length: -1 },
  JSON.parse('{"__proto__":{"toString":1}}'),
]

type Fields = Readonly<Record<string, unknown>>
interface Schema {
  readonly type?: string
  readonly items?: { readonly properties?: Readonly<Record<string, TSchema>> }
}

/** Whatever trap stands in one place of a call that succeeds, the answer is never a 5xx. */
export async function withstandsTraps(
  db: Queryable,
  operation: AnyOperation,
  input: Fields,
  ask: (input: Fields) => Promise<Answer>,
): Promise<void> {
  for (const trapped of await trappedCalls(db, operation, input)) {
    const { status, text } = await ask(trapped)
    expect(status, `${JSON.stringify(trapped)}: ${text}`).toBeLessThan(500)
  }
}

/** The call with a trap in each of its fields in turn, and in trees wherever something has an id. */
async function trappedCalls(db: Queryable, operation: AnyOperation, input: Fields): Promise<Fields[]> {
  const inTrees = await treesWith(db)
  const inField = (name: string, of: TSchema): unknown[] => {
    const schema = of as Schema // the part of JSON Schema that the contract uses
    const alone = schema.type === undefined ? traps.flatMap(inTrees) : traps
    const list = input[name]
    const { properties } = schema.items ?? {}
    return properties === undefined || !Array.isArray(list) ? [...alone] : [...alone, ...inList(list, properties)]
  }
  const inList = (list: readonly Fields[], properties: Readonly<Record<string, TSchema>>): unknown[] =>
    Object.entries(properties).flatMap(([name, schema]) =>
      inField(name, schema).flatMap(trap =>
        list.map((_, place) => list.map((item, at) => (at === place ? { ...item, [name]: trap } : item))),
      ),
    )
  const inPath = pathParameters(operation.path)
  const outside = Object.entries(operation.input.properties).filter(([name]) => !inPath.includes(name))
  return outside.flatMap(([name, schema]) => inField(name, schema).map(trap => ({ ...input, [name]: trap })))
}

/** The trap itself, under the id of everything that is sold, and under that of an item of every form. */
async function treesWith(db: Queryable): Promise<(trap: object) => object[]> {
  const addons = await db.selectFrom('addon').select('id').execute()
  const products = await db.selectFrom('product').select('id').execute()
  const items = await db.selectFrom('form_item').select(['id', 'field_id']).execute()
  return trap => [
    trap,
    Object.fromEntries([...addons, ...products].map(({ id }) => [id, trap])),
    Object.fromEntries(items.map(({ id, field_id }) => [field_id, { [id]: trap }])),
  ]
}
