import { createHash } from 'node:crypto'
import { formatAmount } from '@innkeeper/money'
import type { CatalogueRow, Value } from './catalogue-store.ts'
import type { Currencies } from './file-prices.ts'
import type { CatalogueFile } from './read-file.ts'

/** A difference between a file and what is there. */
export interface Change {
  /** Retired things stay for services that have them; what is removed was only a price or a connection. */
  readonly what: 'add' | 'change' | 'retire' | 'remove'
  readonly path: string
  /** The name of what is added, where it has one. */
  readonly name: string
  /** What changes about it, as people read it; of what is added, what it is. */
  readonly fields: readonly { readonly name: string; readonly from: string; readonly to: string }[]
}

/** What an import would do, and the rows that do it. */
export interface Plan {
  readonly changes: readonly Change[]
  readonly write: readonly CatalogueRow[]
  readonly drop: readonly CatalogueRow[]
  /** The same for the same changes: who applies a plan can tell which one they have seen. */
  readonly fingerprint: string
}

type Rows = ReadonlyMap<string, CatalogueRow>

export function planOf(stored: Rows, file: CatalogueFile, currencies: Currencies): Plan {
  const write: CatalogueRow[] = []
  const drop = [...stored.values()].filter(row => isGone(row, file))
  const changes: Change[] = []
  for (const row of file.rows.values()) {
    const before = stored.get(row.path)
    const fields = differences(before, row, currencies)
    if (before !== undefined && fields.length === 0) continue
    write.push(row)
    changes.push({ what: before === undefined ? 'add' : 'change', path: row.path, name: nameOf(row), fields })
  }
  for (const row of drop)
    changes.push({
      what: row.table.gone === 'retire' ? 'retire' : 'remove',
      path: row.path,
      name: nameOf(row),
      fields: [],
    })
  return { changes, write, drop, fingerprint: createHash('sha256').update(JSON.stringify(changes)).digest('hex') }
}

/** What hangs on a thing that goes, or went, stays with it. */
function isGone({ table, path, parent }: CatalogueRow, { rows, sections }: CatalogueFile): boolean {
  if (table.gone === 'keep' || !sections.has(table.section) || rows.has(path)) return false
  return parent === null || rows.has(parent)
}

function differences(before: CatalogueRow | undefined, after: CatalogueRow, currencies: Currencies): Change['fields'] {
  return Object.entries(after.values).flatMap(([name, value]) => {
    const old = before?.values[name] ?? null
    if (before !== undefined && canonical(old) === canonical(value)) return []
    const from = before === undefined ? '' : display(after, name, old, currencies)
    return [{ name, from, to: display(after, name, value, currencies) }]
  })
}

/** The keys of objects in one order: jsonb has another than the file. */
function canonical(value: Value): string {
  return JSON.stringify(value, (_, each: Value) =>
    typeof each === 'object' && each !== null && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1)))
      : each,
  )
}

function nameOf({ table, values }: CatalogueRow): string {
  const name = values.name ?? values.title
  // A rate of tax is known by its figures: several have one name.
  return typeof name === 'string' && table.gone === 'retire' ? name : ''
}

function display({ table, ids }: CatalogueRow, name: string, value: Value, currencies: Currencies): string {
  if (value === null) return 'none'
  if (table.name === 'price') return amount(value, ids.currency, currencies)
  if (name === 'amounts' || name === 'fixed_fees')
    return (
      Object.entries(value)
        .map(([code, minor]) => `${amount(minor, code, currencies)} ${code}`)
        .join(', ') || 'none'
    )
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function amount(minor: Value, code: Value | undefined, currencies: Currencies): string {
  const currency = currencies.get(String(code))
  return currency === undefined ? String(minor) : formatAmount(BigInt(String(minor)), currency)
}
