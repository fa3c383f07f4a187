import { type Currency, parsePercent } from '@innkeeper/money'
import { type SelectQueryBuilder, sql } from 'kysely'
import type { Queryable } from '../../db/database.ts'
import type { DB } from '../../db/tables.gen.ts'
import type { PaymentMethod } from './payment-method.ts'

/** Which methods of those in use are asked for: those that take the currency, and of these the one with this id. */
export interface MethodFilter {
  readonly accountId: string
  readonly currency: string
  readonly id?: string | undefined
}

/**
 * The methods in use that take a currency: first the account's own, then those that it keeps a card for, then the one it
 * ordered with last (credit apart, which one has or has not), then in the order of the shop.
 */
export async function methodsFor(db: Queryable, { accountId, currency, id }: MethodFilter): Promise<PaymentMethod[]> {
  const rows = await selectMethods(db)
    .innerJoin('account', join => join.on('account.id', '=', accountId))
    .where('payment_method.retired_at', 'is', null)
    .where(takes(sql.val(currency)))
    .$if(id !== undefined, query => query.where('payment_method.id', '=', id ?? null))
    .orderBy(sql`payment_method.id is not distinct from account.payment_method_id`, 'desc')
    .orderBy(withCard, 'desc')
    .orderBy(orderedWithLast, 'desc')
    .orderBy('payment_method.position')
    .orderBy('payment_method.id')
    .execute()
  return rows.map(row => methodOf(row, currency))
}

const withCard = sql`exists (select from saved_card as card
  where card.account_id = account.id and card.method_id = payment_method.id and card.removed_at is null)`
const orderedWithLast = sql`payment_method.id is not distinct from (
  select placed.payment_method_id from orders as placed join payment_method as chosen on chosen.id = placed.payment_method_id
  where placed.account_id = account.id and chosen.driver <> 'credit' order by placed.id desc limit 1)`

/** The methods an account can pay with, in its own currency and in the order of the shop. */
export async function methodsOfAccount(
  db: Queryable,
  accountId: string,
): Promise<{ method: PaymentMethod; currency: Currency }[]> {
  const rows = await selectMethods(db)
    .innerJoin('account', join => join.on('account.id', '=', accountId))
    .innerJoin('currency', 'currency.code', 'account.currency')
    .where('payment_method.retired_at', 'is', null)
    .where(takes(sql.ref('account.currency')))
    .select(['currency.code', 'currency.exponent'])
    .orderBy('payment_method.position')
    .orderBy('payment_method.id')
    .execute()
  return rows.map(row => ({
    method: methodOf(row, row.code),
    currency: { code: row.code, exponent: row.exponent as Currency['exponent'] }, // the table's check
  }))
}

/** A method whatever its state: what was begun with one that is retired since is finished with it. */
export async function methodById(db: Queryable, id: string, currency: string): Promise<PaymentMethod | undefined> {
  const row = await selectMethods(db).where('payment_method.id', '=', id).executeTakeFirst()
  return row === undefined ? undefined : methodOf(row, currency)
}

/** The methods in use of one driver. */
export async function methodsByDriver(db: Queryable, driver: string): Promise<PaymentMethod[]> {
  const rows = await selectMethods(db)
    .where('payment_method.driver', '=', driver)
    .where('payment_method.retired_at', 'is', null)
    .orderBy('payment_method.position')
    .orderBy('payment_method.id')
    .execute()
  return rows.map(row => methodOf(row, ''))
}

/** Drivers of the methods in use. */
export async function driversInUse(db: Queryable): Promise<string[]> {
  const rows = await db
    .selectFrom('payment_method')
    .select('driver')
    .distinct()
    .where('retired_at', 'is', null)
    .execute()
  return rows.map(row => row.driver)
}

interface MethodRow {
  readonly id: string
  readonly key: string
  readonly driver: string
  readonly name: string
  readonly fixed_fees: unknown
  readonly percent_fee: string
  readonly options: unknown
}

function selectMethods(db: Queryable): SelectQueryBuilder<DB, 'payment_method', MethodRow> {
  return db
    .selectFrom('payment_method')
    .select([
      'payment_method.id',
      'payment_method.key',
      'payment_method.driver',
      'payment_method.name',
      'payment_method.fixed_fees',
      'payment_method.percent_fee',
      'payment_method.options',
    ])
}

function takes(currency: ReturnType<typeof sql.val> | ReturnType<typeof sql.ref>) {
  return sql<boolean>`(payment_method.currencies = '{}' or ${currency} = any(payment_method.currencies))`
}

function methodOf(row: MethodRow, currency: string): PaymentMethod {
  const { id, key, driver, name } = row
  const fixedFees = row.fixed_fees as Readonly<Record<string, number>> // the catalogue writes minor units by currency
  return {
    id,
    key,
    driver,
    name,
    fee: { name, fixedMinor: BigInt(fixedFees[currency] ?? 0), percent: parsePercent(row.percent_fee) ?? 0 },
    options: row.options as Readonly<Record<string, unknown>>, // the catalogue writes an object
  }
}
