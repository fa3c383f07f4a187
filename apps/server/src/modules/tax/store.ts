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
  readonly rates: readonly RateRow[] | null
}

/** Which rates are wanted besides those of the buyer's own country and state. */
export interface RateQuestion {
  readonly day: string
  readonly sellerCountry: string
  /** Names of states, in lower case: the seller's, and those of territories, which only postcodes tell. */
  readonly states: readonly string[]
  /** Countries whose rates are kept under another's code. */
  readonly aliases: Readonly<Record<string, string>>
}

/**
 * All that decides the tax of an account, in one query. An answer of VIES that it does not know just now does not undo
 * what it said before.
 */
export async function taxFactsOf(db: Queryable, accountId: string, question: RateQuestion): Promise<TaxFactsRow> {
  const { day, sellerCountry, states, aliases } = question
  const [row] = await runSql<TaxFactsRow>(db, factsText, [
    accountId,
    day,
    sellerCountry,
    states,
    JSON.stringify(aliases),
  ])
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
    select json_agg(held) as rates from (
      select distinct on (country, state, level) country, state, level, name, percent::text as percent
      from tax_rate
      where country in (coalesce($5::jsonb ->> p.country, p.country), $3)
        and (lower(state) = any ($4::text[]) or lower(state) = lower(p.state)) and valid_from <= $2::date
      order by country, state, level, valid_from desc
    ) held
  ) rates on true
  where a.id = $1`
