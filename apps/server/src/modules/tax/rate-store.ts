import { type Queryable, runSql, type Tx } from '../../db/database.ts'

/** A rate from its day on. */
export interface DatedRate {
  readonly country: string
  /** Empty: the whole country. */
  readonly state: string
  readonly level: 1 | 2
  readonly name: string
  /** Decimal text. */
  readonly percent: string
  /** YYYY-MM-DD. */
  readonly validFrom: string
}

/** The rates that hold on a day, and those to come. */
export function ratesFrom(db: Queryable, day: string): Promise<DatedRate[]> {
  return runSql<DatedRate>(
    db,
    `select country, state, level, name, trim_scale(percent)::text as percent, valid_from::text as "validFrom" from tax_rate
     where valid_from >= (
       select coalesce(max(held.valid_from), '0001-01-01') from tax_rate held
       where held.country = tax_rate.country and held.state = tax_rate.state and held.level = tax_rate.level
         and held.valid_from <= $1::date)
     order by country, state, level, valid_from`,
    [day],
  )
}

/** Adds a rate, or changes one that has not begun before the day. False: it has begun, and documents were made with it. */
export async function putRate(tx: Tx, rate: DatedRate, day: string): Promise<boolean> {
  const rows = await runSql(
    tx,
    `insert into tax_rate (country, state, level, name, percent, valid_from) values ($1, $2, $3, $4, $5::numeric, $6::date)
     on conflict (country, state, level, valid_from) do update set name = excluded.name, percent = excluded.percent
       where tax_rate.valid_from >= $7::date
     returning id`,
    [rate.country, rate.state, rate.level, rate.name, rate.percent, rate.validFrom, day],
  )
  return rows.length > 0
}
