import type { Day } from '@innkeeper/money'
import type { CatalogueRow } from './catalogue-store.ts'
import { CatalogueError, type Problem } from './file-problems.ts'
import type { CatalogueFile } from './read-file.ts'

type Rows = ReadonlyMap<string, CatalogueRow>

/** What a file must be to fit what is there: whole sections of it replace those of the tables. */
export interface Present {
  readonly rows: Rows
  /** Every name of a product that has a key, retired or not. */
  readonly productNames: readonly { readonly name: string; readonly key: string | null }[]
  readonly today: Day
}

/** Refuses a file with all that is wrong with it, if it names what will not be there, or would break what is. */
export function checkFile(file: CatalogueFile, present: Present): void {
  const ofBoth = [
    ...missing(file, present.rows),
    ...otherDecimals(file, present.rows),
    ...takenNames(file, present),
    ...begunRates(file, present),
  ]
  const problems = [...file.problems, ...ofBoth]
  if (problems.length > 0) throw new CatalogueError(problems)
}

function missing(file: CatalogueFile, stored: Rows): Problem[] {
  const kept = [...stored].filter(([, { table }]) => table.gone === 'keep' || !file.sections.has(table.section))
  const rows: Rows = new Map([...kept, ...file.rows])
  return [...rows.values()].flatMap(({ table, path, parent, ids, values }) => {
    if (parent !== null && !rows.has(parent)) return []
    return [...table.ids, ...table.values].flatMap(({ name, refersTo }) => {
      const key = ids[name] ?? values[name] ?? null
      if (refersTo === undefined || key === null || rows.has(`${refersTo}/${key}`)) return []
      if (file.mayHave(refersTo, String(key))) return [] // what is wrong with that is told already
      return [{ path, reason: `${name === 'other' ? '' : `${name} `}"${key}" is not in ${refersTo}` }]
    })
  })
}

/** Amounts are kept in minor units: with other decimals, all of them would be other amounts. */
function otherDecimals(file: CatalogueFile, stored: Rows): Problem[] {
  return [...file.rows.values()].flatMap(({ table, path, values }) => {
    const before = stored.get(path)?.values.decimals
    if (table.name !== 'currency' || before === undefined || before === values.decimals) return []
    return [{ path: `${path}/decimals`, reason: `are ${before} and cannot change: amounts are kept in them` }]
  })
}

/** Documents were made with a rate that has begun; `tax set` refuses to change it too. */
function begunRates(file: CatalogueFile, { rows, today }: Present): Problem[] {
  return [...file.rows.values()].flatMap(({ table, path, ids, values }) => {
    const before = rows.get(path)?.values.percent
    const isSame = before === undefined || before === values.percent
    if (table.name !== 'tax_rate' || isSame || String(ids.from) >= today) return []
    const reason = `is ${before} and has begun, documents were made with it: add a rate from a later day`
    return [{ path: `${path}/percent`, reason }]
  })
}

/** Names of products are theirs for good; who changes a key by mistake learns it here. */
function takenNames(file: CatalogueFile, { productNames }: Present): Problem[] {
  const owners = new Map(productNames.map(({ name, key }) => [name, key]))
  const seen = new Set<string>()
  return [...file.rows.values()].flatMap(({ table, path, values }) => {
    if (table.name !== 'product') return []
    const name = String(values.name)
    const owner = owners.get(name) ?? null
    const twice = seen.has(name)
    seen.add(name)
    if (twice) return [{ path: `${path}/name`, reason: `"${name}" is the name of another product of the file` }]
    if (owner === null || file.mayHave('products', owner)) return []
    return [
      { path: `${path}/name`, reason: `"${name}" is the name of "${owner}", which the file does not have; keys stay` },
    ]
  })
}
