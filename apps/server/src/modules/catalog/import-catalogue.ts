import { type Currency, dayOf } from '@innkeeper/money'
import type { Context } from '../../context.ts'
import type { Queryable } from '../../db/database.ts'
import { Refusal } from '../../refusal.ts'
import { audit } from '../audit/index.ts'
import {
  type CatalogueRow,
  dropRows,
  keyedProductNames,
  lockCatalogue,
  storedRows,
  writeRows,
} from './catalogue-store.ts'
import { catalogueTables } from './catalogue-tables.ts'
import { checkFile } from './check-file.ts'
import { type Plan, planOf } from './plan.ts'
import { readCatalogue } from './read-file.ts'

type Planning = Pick<Context, 'db' | 'config' | 'business'>

/** What importing this text would change. Throws CatalogueError with all that is wrong with it. */
export function planImport(ctx: Planning, source: string): Promise<Plan> {
  return plan(ctx, ctx.db, source)
}

/**
 * Makes the catalogue what this text says, and gives what that changed. With the fingerprint of a plan that somebody has
 * seen, refuses to do anything else than that.
 */
export async function applyImport(ctx: Context, source: string, fingerprint?: string): Promise<Plan> {
  const tx = await ctx.begin()
  await lockCatalogue(tx)
  const planned = await plan(ctx, tx, source)
  if (fingerprint !== undefined && fingerprint !== planned.fingerprint)
    throw new Refusal('conflict', { also: ['plan_changed'], fields: { fingerprint: ['conflict'] } })
  if (planned.changes.length === 0) return planned
  for (const table of [...catalogueTables].reverse()) {
    const paths = planned.drop.filter(row => row.table === table).map(row => row.path)
    await dropRows(tx, table, paths, ctx.business.now())
  }
  for (const table of catalogueTables)
    await writeRows(
      tx,
      table,
      planned.write.filter(row => row.table === table),
    )
  const { changes } = planned
  await audit(ctx, tx, {
    event: 'catalogue.import',
    description: `Catalogue imported, ${changes.length} changes`,
    detail: { changes: changes.slice(0, mostAudited).map(({ what, path, fields }) => ({ what, path, fields })) },
    accountId: null,
  })
  return planned
}

/** Changes that the audit row names; the first import of a long list would make a row of megabytes. */
const mostAudited = 500

async function plan({ config: { timeZone }, business }: Planning, db: Queryable, source: string): Promise<Plan> {
  const rows = await storedRows(db)
  const known = new Map([...rows.values()].flatMap(currencyOf))
  const file = readCatalogue(source, known, timeZone)
  const today = dayOf(business.now(), timeZone)
  checkFile(file, { rows, productNames: await keyedProductNames(db), today })
  for (const row of file.rows.values()) for (const [code, currency] of currencyOf(row)) known.set(code, currency)
  return planOf(rows, file, known)
}

function currencyOf({ table, ids, values }: CatalogueRow): (readonly [string, Currency])[] {
  const exponent = ([0, 2, 3] as const).find(each => each === values.decimals)
  if (table.name !== 'currency' || exponent === undefined) return []
  const code = String(ids.code)
  return [[code, { code, exponent }]]
}
