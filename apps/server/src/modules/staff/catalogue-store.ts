import type { Currency } from '@innkeeper/money'
import { sql } from 'kysely'
import { type Queryable, runSql } from '../../db/database.ts'
import { conditionsOf, type Slice } from './listing.ts'

/* What the staff sees of the catalogue. Read only, as clients-store.ts. */

export interface ProductFilter {
  readonly categoryId?: string | undefined
  readonly retired?: boolean | undefined
}

export interface ProductRow {
  readonly id: string
  readonly key: string | null
  readonly name: string
  readonly category_id: string | null
  readonly kind: string
  readonly paytype: string
  readonly stock: number | null
  readonly provision_on: string
  readonly provisioner: string
  readonly services: number
  readonly retired_at: Date | null
  readonly description: string
  readonly tags: string[]
}

const productColumns = `id, key, name, category_id, kind, paytype, stock, provision_on, provisioner, retired_at,
  description, tags, (select count(*)::int from service where product_id = product.id
    and status in ('Pending', 'Active', 'Suspended')) as services`

export function selectProducts(db: Queryable, filter: ProductFilter, slice: Slice): Promise<ProductRow[]> {
  const { where, parameters } = conditionsOf([
    ['id < ?', slice.before],
    ['category_id = ?', filter.categoryId],
    ['(retired_at is not null) = ?', filter.retired],
  ])
  const text = `select ${productColumns} from product where ${where} order by id desc limit ${slice.limit}`
  return runSql<ProductRow>(db, text, parameters)
}

export async function selectProduct(db: Queryable, id: string): Promise<ProductRow | undefined> {
  const [row] = await runSql<ProductRow>(db, `select ${productColumns} from product where id = $1`, [id])
  return row
}

export interface PriceRow {
  readonly item_id: string | null
  readonly currency: string
  readonly exponent: Currency['exponent']
  readonly cycle: string
  readonly price_minor: string
  readonly setup_minor: string
}

/** The prices of a product and of the items of its form. */
export function selectPrices(db: Queryable, productId: string): Promise<PriceRow[]> {
  return db
    .selectFrom('price')
    .innerJoin('currency', 'currency.code', 'price.currency')
    .select(['item_id', 'price.currency', 'cycle', 'price_minor', 'setup_minor'])
    .select(sql<Currency['exponent']>`currency.exponent`.as('exponent')) // by the check of the table
    .where(eb =>
      eb.or([
        eb('price.product_id', '=', productId),
        eb(
          'price.item_id',
          'in',
          eb
            .selectFrom('form_item')
            .innerJoin('form_field', 'form_field.id', 'form_item.field_id')
            .select('form_item.id')
            .where('form_field.product_id', '=', productId)
            .where('form_field.retired_at', 'is', null)
            .where('form_item.retired_at', 'is', null),
        ),
      ]),
    )
    .orderBy('price.currency')
    .orderBy('price.id')
    .execute()
}

/** The form of a product, an item a row. */
export function selectFormItems(db: Queryable, productId: string) {
  return db
    .selectFrom('form_item as item')
    .innerJoin('form_field as field', 'field.id', 'item.field_id')
    .select(['field.id as field_id', 'field.key as field_key', 'field.type', 'field.title as field_title'])
    .select(['item.id', 'item.key', 'item.title'])
    .where('field.product_id', '=', productId)
    .where('field.retired_at', 'is', null)
    .where('item.retired_at', 'is', null)
    .orderBy('field.position')
    .orderBy('field.id')
    .orderBy('item.position')
    .orderBy('item.id')
    .execute()
}
