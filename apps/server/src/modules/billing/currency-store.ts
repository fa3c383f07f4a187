import type { Currency } from '@innkeeper/money'
import type { Queryable } from '../../db/database.ts'

export async function currencyOf(db: Queryable, code: string): Promise<Currency | undefined> {
  const row = await db.selectFrom('currency').select(['code', 'exponent']).where('code', '=', code).executeTakeFirst()
  // The column's check holds it to those.
  return row && { code: row.code, exponent: row.exponent as Currency['exponent'] }
}
