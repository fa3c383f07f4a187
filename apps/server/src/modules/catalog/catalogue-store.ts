import { type Queryable, runSql, type Tx } from '../../db/database.ts'
import { locks } from '../../db/locks.ts'
import { type CatalogueTable, type Column, catalogueTables } from './catalogue-tables.ts'

export type Value = string | number | boolean | null | readonly Value[] | { readonly [key: string]: Value }

/** A thing of the catalogue, as the file says it or as the tables hold it. */
export interface CatalogueRow {
  readonly table: CatalogueTable
  readonly path: string
  readonly parent: string | null
  readonly ids: Readonly<Record<string, Value>>
  readonly values: Readonly<Record<string, Value>>
}

/** Imports come one after the other. */
export async function lockCatalogue(tx: Tx): Promise<void> {
  await runSql(tx, 'select pg_advisory_xact_lock($1)', [locks.catalogue])
}

/** Everything that is not retired, by its place in the file. */
export async function storedRows(db: Queryable): Promise<Map<string, CatalogueRow>> {
  const rows = new Map<string, CatalogueRow>()
  for (const table of catalogueTables) {
    const found = await runSql<Omit<CatalogueRow, 'table'>>(
      db,
      `select ${table.path} as path, ${table.parent} as parent, ${objectOf(table.ids)} as ids, ${objectOf(table.values)} as values
       from ${table.from} where ${table.live}`,
    )
    for (const row of found) rows.set(row.path, { ...row, table })
  }
  return rows
}

function objectOf(columns: readonly Column[]): string {
  return `json_build_object(${byName(columns)
    .map(({ name, column, read }) => `'${name}', ${read ?? column}`)
    .join(', ')})`
}

function byName(columns: readonly Column[]): readonly Column[] {
  return columns.filter(({ name }, index) => columns.findIndex(each => each.name === name) === index)
}

/** Names of all products that a file has made, retired or not, with their keys. */
export function keyedProductNames(db: Queryable): Promise<{ name: string; key: string | null }[]> {
  return db.selectFrom('product').select(['name', 'key']).where('key', 'is not', null).execute()
}

/** Whether a file was ever imported. */
export async function hasCatalogue(db: Queryable): Promise<boolean> {
  return (await keyedProductNames(db)).length > 0
}

/** Makes these rows of one table, or makes them so. What was retired is back. */
export async function writeRows(tx: Tx, table: CatalogueTable, rows: readonly CatalogueRow[]): Promise<void> {
  if (rows.length === 0) return
  if (table.name === 'product') await freeProductNames(tx, rows)
  const columns = [...table.ids, ...table.values]
  const written = columns.filter(({ column }) => column !== '')
  const sets = [
    ...table.values.map(({ column, update }) => `${column} = ${update ?? `excluded.${column}`}`),
    ...(table.gone === 'retire' ? ['retired_at = null'] : []),
  ]
  await runSql(
    tx,
    `insert into ${table.name} (${written.map(({ column }) => column).join(', ')})
     select ${written.map(({ name, write }) => write ?? `entry."${name}"`).join(', ')}
     from jsonb_to_recordset($1::jsonb) as entry(${byName(columns)
       .map(({ name, type }) => `"${name}" ${type}`)
       .join(', ')})
     on conflict ${table.unique} do ${sets.length === 0 ? 'nothing' : `update set ${sets.join(', ')}`}`,
    [JSON.stringify(rows.map(({ ids, values }) => ({ ...ids, ...values })))],
  )
}

/** Takes what stands at these places out of the catalogue. */
export async function dropRows(tx: Tx, table: CatalogueTable, paths: readonly string[], at: Date): Promise<void> {
  if (paths.length === 0) return
  const id = table.rowId ?? 'id'
  const these = `(select ${table.name}.${id} from ${table.from} where (${table.path}) = any($1::text[]) and ${table.live})`
  if (table.gone === 'retire')
    await runSql(tx, `update ${table.name} set retired_at = $2 where ${id} in ${these}`, [paths, at])
  else await runSql(tx, `delete from ${table.name} where ${id} in ${these}`, [paths])
}

/**
 * Names of products are unique, and an update of several rows checks each as it comes: two that swap their names would
 * meet. A product made at the command line under the name of one of the file becomes that one.
 */
async function freeProductNames(tx: Tx, rows: readonly CatalogueRow[]): Promise<void> {
  const products = JSON.stringify(rows.map(({ ids, values }) => ({ key: ids.key, name: values.name })))
  await runSql(
    tx,
    `update product set key = entry.key from jsonb_to_recordset($1::jsonb) as entry(key text, name text)
     where product.key is null and product.name = entry.name`,
    [products],
  )
  await runSql(
    tx,
    `update product set name = 'product ' || product.id || ' of the catalogue'
     from jsonb_to_recordset($1::jsonb) as entry(key text, name text)
     where product.key = entry.key and product.name <> entry.name`,
    [products],
  )
}
