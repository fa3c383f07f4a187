import type { Currency } from '@innkeeper/money'
import type { Queryable } from '../../db/database.ts'

/** By code. */
export async function allCurrencies(db: Queryable): Promise<ReadonlyMap<string, Currency>> {
  const rows = await db.selectFrom('currency').select(['code', 'exponent']).execute()
  return new Map(rows.map(row => [row.code, currencyOfRow(row)]))
}

export async function currencyOf(db: Queryable, code: string): Promise<Currency | undefined> {
  const row = await db.selectFrom('currency').select(['code', 'exponent']).where('code', '=', code).executeTakeFirst()
  return row && currencyOfRow(row)
}

function currencyOfRow({ code, exponent }: { readonly code: string; readonly exponent: number }): Currency {
  return { code, exponent: exponent as Currency['exponent'] } // the column's check holds it to those
}
