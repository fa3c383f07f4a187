import { formatAmount } from '@innkeeper/money'
import type { Queryable } from '../../db/database.ts'
import type { StaffModuleHandlers } from '../../http/implement.ts'
import { badField, notFound } from '../../refusal.ts'
import { audit } from '../audit/index.ts'
import { applyImport, CatalogueError, type Change, planImport } from '../catalog/index.ts'
import {
  type PriceRow,
  type ProductRow,
  selectFormItems,
  selectPrices,
  selectProduct,
  selectProducts,
} from './catalogue-store.ts'
import { pageOf, sliceOf } from './listing.ts'
import { wireMoment } from './wire.ts'

export const catalogueHandlers: StaffModuleHandlers<'catalogue'> = {
  async listProducts(ctx, input) {
    const slice = sliceOf(input)
    const filter = { categoryId: input.category_id, retired: input.retired }
    const { shown, next } = pageOf(await selectProducts(ctx.db, filter, slice), slice)
    return { products: shown.map(rowOf), next }
  },
  async getProduct(ctx, { id }) {
    return { product: await productOf(ctx.db, id) }
  },
  async planImport(ctx, { source }) {
    const tx = await ctx.begin()
    await audit(ctx, tx, {
      event: 'catalogue.plan',
      description: 'Looked at what an import would change',
      accountId: null,
    })
    try {
      const { changes, fingerprint } = await planImport(ctx, source)
      return { changes: changes.map(changeOf), problems: [], fingerprint }
    } catch (error) {
      if (!(error instanceof CatalogueError)) throw error
      return { changes: [], problems: error.message.split('\n'), fingerprint: null }
    }
  },
  async applyImport(ctx, { source, fingerprint }) {
    try {
      const { changes } = await applyImport(ctx, source, fingerprint)
      return { changes: changes.map(changeOf), info: ['catalogue_imported'] }
    } catch (error) {
      if (error instanceof CatalogueError) throw badField('source', 'field_format_error')
      throw error
    }
  },
}

function rowOf(row: ProductRow) {
  return {
    id: row.id,
    key: row.key,
    name: row.name,
    category_id: row.category_id,
    kind: row.kind,
    paytype: row.paytype,
    stock: row.stock,
    provision_on: row.provision_on,
    provisioner: row.provisioner,
    services: row.services,
    retired_at: wireMoment(row.retired_at),
  }
}

async function productOf(db: Queryable, id: string) {
  const row = await selectProduct(db, id)
  if (row === undefined) throw notFound()
  const [prices, items] = await Promise.all([selectPrices(db, id), selectFormItems(db, id)])
  const fields = new Map(
    items.map(({ field_id, field_key, type, field_title }) => [
      field_id,
      { id: field_id, key: field_key, type, title: field_title },
    ]),
  )
  return {
    ...rowOf(row),
    description: row.description,
    tags: row.tags,
    prices: prices.map(priceOf),
    fields: [...fields.values()].map(field => ({
      ...field,
      items: items
        .filter(({ field_id }) => field_id === field.id)
        .map(item => ({ id: item.id, key: item.key, title: item.title })),
    })),
  }
}

function priceOf({ item_id, currency: code, exponent, cycle, price_minor, setup_minor }: PriceRow) {
  const currency = { code, exponent }
  return {
    item_id,
    currency: code,
    cycle,
    price: formatAmount(BigInt(price_minor), currency),
    setup: formatAmount(BigInt(setup_minor), currency),
  }
}

function changeOf({ what, path, name, fields }: Change) {
  return { what, path, name, fields: fields.map(field => ({ name: field.name, from: field.from, to: field.to })) }
}
