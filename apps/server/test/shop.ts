import type { Cycle } from '@innkeeper/money'
import type { TestApp } from './app.ts'

/** Prices in minor units by cycle: `{ m: [1999, 500] }` is 19.99 a month and 5.00 once. */
export type Prices = Readonly<Partial<Record<Cycle, readonly [price: number, setup?: number]>>>
type Owner = 'product_id' | 'item_id' | 'addon_id' | 'tld_id'

export interface NewShopProduct {
  readonly prices: Prices
  readonly currency?: string
  /** Columns of the product that are otherwise than usual. */
  readonly more?: Readonly<Record<string, unknown>>
}
export interface NewShopField {
  readonly type: 'select' | 'radio' | 'checkbox' | 'qty' | 'slider' | 'input' | 'textarea'
  readonly items: readonly Prices[]
  readonly currency?: string
  readonly more?: Readonly<Record<string, unknown>>
}

/** A shop whose shelves a test fills, row by row. */
export interface Shop {
  product(product: NewShopProduct): Promise<string>
  /** A field of a product's form; gives its id and those of its items. */
  field(productId: string, field: NewShopField): Promise<{ id: string; items: string[] }>
  addon(productId: string, prices: Prices, currency?: string): Promise<string>
  subproduct(productId: string, subproductId: string): Promise<void>
  tld(
    name: string,
    years: Readonly<Record<'register' | 'transfer' | 'renew', readonly number[]>>,
    currency?: string,
  ): Promise<string>
  promo(columns: Readonly<Record<string, unknown>>): Promise<string>
  method(columns: Readonly<Record<string, unknown>>): Promise<string>
  taxRate(columns: { country: string; state?: string; percent: number; level?: 1 | 2; name?: string }): Promise<void>
}

export async function openShop({ db }: TestApp): Promise<Shop> {
  let count = 0
  const name = (what: string) => `${what} ${++count}`
  const category = await db
    .insertInto('category')
    .values({ key: name('category'), name: 'Web hosting' })
    .returning('id')
    .executeTakeFirstOrThrow()
  const price = async (owner: Owner, id: string, prices: Prices, currency = 'EUR', action = '') => {
    const rows = Object.entries(prices).map(([cycle, [priceMinor, setupMinor = 0]]) => ({
      [owner]: id,
      ...{ currency, cycle, action, price_minor: priceMinor, setup_minor: setupMinor },
    }))
    if (rows.length > 0) await db.insertInto('price').values(rows).execute()
  }
  const insert = async (
    table: 'product' | 'form_field' | 'form_item' | 'addon' | 'tld' | 'promo_code' | 'payment_method',
    row: Readonly<Record<string, unknown>>,
  ): Promise<string> => {
    // The callers below name columns of that table.
    const { id } = await db
      .insertInto(table)
      .values(row as never)
      .returning('id')
      .executeTakeFirstOrThrow()
    return id
  }
  return {
    async product({ prices, currency, more }) {
      const columns = { name: name('Hosting'), category_id: category.id, paytype: 'Regular', provisioner: 'none' }
      const id = await insert('product', { key: name('product'), ...columns, ...more })
      await price('product_id', id, prices, currency)
      return id
    },
    async field(productId, { type, items, currency, more }) {
      const id = await insert('form_field', {
        product_id: productId,
        key: name('field'),
        type,
        title: name('Field'),
        ...more,
      })
      const ids: string[] = []
      for (const prices of items) {
        const item = await insert('form_item', { field_id: id, key: name('item'), title: name('Item') })
        await price('item_id', item, prices, currency)
        ids.push(item)
      }
      return { id, items: ids }
    },
    async addon(productId, prices, currency) {
      const id = await insert('addon', { key: name('addon'), name: name('Addon'), paytype: 'Regular' })
      await price('addon_id', id, prices, currency)
      await db.insertInto('product_addon').values({ product_id: productId, addon_id: id }).execute()
      return id
    },
    async subproduct(productId, subproductId) {
      await db.insertInto('subproduct').values({ product_id: productId, subproduct_id: subproductId }).execute()
    },
    async tld(tldName, years, currency) {
      const id = await insert('tld', { name: tldName, category_id: category.id })
      for (const [action, prices] of Object.entries(years)) {
        const byCycle = Object.fromEntries(prices.map((minor, index) => [`y${index + 1}`, [minor]]))
        await price('tld_id', id, byCycle, currency, action)
      }
      return id
    },
    promo: columns => insert('promo_code', { code: name('CODE').replace(' ', ''), ...columns }),
    method: columns => insert('payment_method', { key: name('method'), driver: 'bank', name: 'Bank', ...columns }),
    async taxRate({ country, state = '', percent, level = 1, name: taxName = 'VAT' }) {
      const row = { country, state, level, name: taxName, percent, valid_from: '2020-01-01' }
      await db.insertInto('tax_rate').values(row).execute()
    },
  }
}
