import type { Currency } from '@innkeeper/money'
import { type Queryable, runSql } from '../../db/database.ts'
import type { Slice } from '../../paging.ts'
import type { PayType, Prices } from './offer.ts'
import { type PriceRow, pricesOfThing } from './offer-rows.ts'

export interface CategoryRow {
  readonly id: string
  readonly key: string
  readonly name: string
  readonly description: string
}

export function listCategories(db: Queryable, slice: Slice | undefined): Promise<CategoryRow[]> {
  return db
    .selectFrom('category')
    .select(['id', 'key', 'name', 'description'])
    .where('retired_at', 'is', null)
    .orderBy('position')
    .orderBy('id')
    .$if(slice !== undefined, query => query.limit(slice?.limit ?? 0).offset(slice?.offset ?? 0))
    .execute()
}

export async function countCategories(db: Queryable): Promise<number> {
  const { count } = await db
    .selectFrom('category')
    .where('retired_at', 'is', null)
    .select(({ fn }) => fn.countAll<string>().as('count'))
    .executeTakeFirstOrThrow()
  return Number(count)
}

/** A product as the list of its category shows it: without what can be chosen. */
export interface ListedProduct {
  readonly id: string
  readonly name: string
  readonly description: string
  readonly kind: string
  readonly paytype: PayType
  readonly tags: readonly string[]
  readonly stock: number | null
  readonly prices: Prices
}
interface ProductList {
  readonly currency: Currency
  readonly products: readonly ListedProduct[]
  /** Of all pages. */
  readonly total: number
}

interface ListRow {
  readonly currency: Currency
  readonly total: number
  readonly products: readonly (Omit<ListedProduct, 'prices'> & { readonly prices: readonly PriceRow[] })[]
}

/** What a category sells in the currency of the account. Undefined: there is no such category. */
export async function listProducts(
  db: Queryable,
  accountId: string,
  categoryId: string,
  slice: Slice | undefined,
): Promise<ProductList | undefined> {
  const [row] = await runSql<ListRow>(db, productsOfCategory, [
    categoryId,
    accountId,
    slice?.limit ?? null,
    slice?.offset ?? 0,
  ])
  if (row === undefined) return undefined
  return { ...row, products: row.products.map(product => ({ ...product, prices: pricesOfThing(product) })) }
}

const productsOfCategory = `with account_currency as (
    select currency.code, currency.exponent from account join currency on currency.code = account.currency
    where account.id = $2::bigint
  ), sold as (
    select product.* from product, account_currency
    where product.category_id = $1::bigint and product.retired_at is null and (product.paytype = 'Free' or exists (
      select from price where price.product_id = product.id and price.currency = account_currency.code))
  )
  select row_to_json(account_currency) as currency, (select count(*)::integer from sold) as total,
    coalesce((select json_agg(json_build_object('id', shown.id::text, 'name', shown.name, 'description', shown.description,
        'kind', shown.kind, 'paytype', shown.paytype, 'tags', shown.tags, 'stock', shown.stock,
        'prices', coalesce((select json_agg(json_build_array(cycle, price_minor::text, setup_minor::text)) from price
          where price.product_id = shown.id and price.currency = account_currency.code), '[]'::json)
      ) order by shown.position, shown.id)
      from (select * from sold order by position, id limit $3::integer offset $4::integer) shown), '[]'::json) as products
  from category, account_currency where category.id = $1::bigint and category.retired_at is null`
