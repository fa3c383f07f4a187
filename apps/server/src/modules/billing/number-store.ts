import type { Day } from '@innkeeper/money'
import type { Config } from '../../config.ts'
import { runSql, type Tx } from '../../db/database.ts'
import { type DocumentNumber, formatNumber, seriesPeriod } from './number.ts'

export type SeriesName = 'invoice' | 'proforma' | 'credit_note'

const formats = {
  invoice: 'invoiceNumber',
  proforma: 'proformaNumber',
  credit_note: 'creditNoteNumber',
} as const satisfies Record<SeriesName, keyof Config['billing']>

/**
 * Takes the next number, as text for the column `n` of a `with`; two parameters: name and period. The row stays locked until
 * the transaction ends, so that a number is not lost when it is rolled back: take it late.
 */
export const takeNumberSql = `insert into number_series (name, period, next) values ($1, $2, 2)
  on conflict (name, period) do update set next = number_series.next + 1 returning next - 1 as n`

export function seriesOf(config: Config, name: SeriesName, day: Day) {
  const format = config.billing[formats[name]]
  const period = seriesPeriod(format, day)
  return {
    name,
    period,
    numberOf: (n: bigint): DocumentNumber => ({ text: formatNumber(format, day, n), period, n }),
  }
}
export type Series = ReturnType<typeof seriesOf>

export async function takeNumber(tx: Tx, series: Series): Promise<DocumentNumber> {
  const rows = await runSql<{ n: string }>(tx, takeNumberSql, [series.name, series.period])
  return series.numberOf(BigInt(rows[0]?.n ?? 0))
}
