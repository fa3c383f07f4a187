import type { VatNumberState } from '@innkeeper/money'
import { type Queryable, runSql } from '../../db/database.ts'

/** A rate as the table has it. */
export interface RateRow {
  readonly country: string
  readonly state: string
  readonly level: 1 | 2
  readonly name: string
  readonly percent: string
}
export interface TaxFactsRow {
  readonly country: string
  readonly state: string
  readonly postcode: string
  readonly vateu: string
  readonly tax_exempt: boolean
  /** What VIES said last, if it ever said something of this number. */
  readonly vat_state: VatNumberState | null
  /** Those that have begun, of all states, since a state has many spellings; the oldest first. */
  readonly rates: readonly RateRow[] | null
}

/** Which rates are wanted besides those of the buyer's own country. */
export interface RateQuestion {
  readonly day: string
  readonly sellerCountry: string
  /** Countries whose rates are kept under another's code. */
  readonly aliases: Readonly<Record<string, string>>
}

/**
 * All that decides the tax of an account, in one query. An answer of VIES that it does not know just now does not undo
 * what it said before.
 */
export async function taxFactsOf(db: Queryable, accountId: string, question: RateQuestion): Promise<TaxFactsRow> {
  const { day, sellerCountry, aliases } = question
  const [row] = await runSql<TaxFactsRow>(db, factsText, [accountId, day, sellerCountry, JSON.stringify(aliases)])
  if (row === undefined) throw new Error(`account ${accountId} has no owner`)
  return row
}

const factsText = `
  select p.country, p.state, p.postcode, p.vateu, a.tax_exempt, checked.state as vat_state, rates.rates
  from account a
  join profile p on p.account_id = a.id and p.owner
  left join lateral (
    select state from vat_check
    where account_id = a.id and vat_number = p.vateu and p.vateu <> '' and state <> 'unknown'
    order by id desc limit 1
  ) checked on true
  left join lateral (
    select json_agg(
        json_build_object('country', country, 'state', state, 'level', level, 'name', name, 'percent', percent::text)
        order by valid_from, id) as rates
    from tax_rate
    where country in (coalesce($4::jsonb ->> p.country, p.country), $3) and valid_from <= $2::date
  ) rates on true
  where a.id = $1`
