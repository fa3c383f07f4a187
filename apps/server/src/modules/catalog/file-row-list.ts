import type { CatalogueRow, Value } from './catalogue-store.ts'
import { catalogueTables } from './catalogue-tables.ts'
import type { FilePrices } from './file-prices.ts'
import type { Problem } from './file-problems.ts'

type Ids = CatalogueRow['ids']

/** Collects the rows that a file becomes, in its order. */
export class FileRows {
  readonly rows = new Map<string, CatalogueRow>()
  readonly problems: Problem[] = []

  /** The name of the table and what its ids are called tell its description: several describe `price`. */
  add(name: string, path: string, parent: string | null, ids: Ids, values: CatalogueRow['values']): void {
    const names = Object.keys(ids)
    const table = catalogueTables.find(
      each => each.name === name && each.ids.length === names.length && each.ids.every(id => names.includes(id.name)),
    )
    if (table === undefined) throw new Error(`no table ${name} has the ids ${names.join(', ')}`)
    if (this.rows.has(path)) this.wrong(path, 'is there twice')
    this.rows.set(path, { table, path, parent, ids, values })
  }

  addPrices(parent: string, ids: Ids, prices: FilePrices): void {
    for (const [currency, byCycle] of prices)
      for (const [cycle, { price, setup }] of byCycle)
        this.add(
          'price',
          `${parent}/prices/${currency}/${cycle}`,
          parent,
          { ...ids, currency, cycle },
          { price, setup },
        )
  }

  wrong(path: string, reason: string): void {
    this.problems.push({ path, reason })
  }
}

/** What costs nothing has no prices, and what is paid has some, by the period or once. */
export function checkPaid(rows: FileRows, path: string, paytype: string, prices: FilePrices): void {
  const cycles = [...prices].flatMap(([currency, byCycle]) => [...byCycle.keys()].map(cycle => ({ currency, cycle })))
  if (paytype === 'Free' && cycles.length > 0) rows.wrong(`${path}/prices`, 'what is Free has no prices')
  if (paytype !== 'Free' && cycles.length === 0) rows.wrong(`${path}/prices`, `what is ${paytype} needs a price`)
  for (const { currency, cycle } of cycles)
    if (paytype !== 'Free' && (cycle === 'Once') !== (paytype === 'Once'))
      rows.wrong(`${path}/prices/${currency}/${cycle}`, `what is ${paytype} is not paid so`)
}

/** The entries of a map with their places, from 1. */
export function numbered<T>(map: ReadonlyMap<string, T> | null): [number, [string, T]][] {
  return [...(map ?? [])].map((entry, index) => [index + 1, entry])
}

/** What a file's reader took for JSON is JSON. */
export function json(value: unknown): Value {
  return JSON.parse(JSON.stringify(value)) as Value // stringify makes nothing else
}
