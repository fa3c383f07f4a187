import type { SignedInContext } from '../../context.ts'
import type { ModuleHandlers } from '../../http/implement.ts'
import { pageOf, sliceOf } from '../../paging.ts'
import { notFound } from '../../refusal.ts'
import { accountCurrency } from '../accounts/index.ts'
import { defaultCycle } from './charges.ts'
import { kindId } from './kinds.ts'
import { offeredProduct } from './offered.ts'
import { loadOffers } from './offers-store.ts'
import { countCategories, listCategories, listProducts } from './shop-store.ts'
import { wirePeriods, wireProduct } from './wire-product.ts'

type ShopHandlers = Pick<ModuleHandlers<'cart'>, 'listCategories' | 'listProducts' | 'getProduct'>

/** What can be bought; the rest of the cart is carried out by orders. */
export const catalogHandlers: ShopHandlers = {
  async listCategories(ctx: SignedInContext, input) {
    const slice = sliceOf(input)
    const rows = await listCategories(ctx.db, slice)
    return {
      categories: rows.map(({ id, key, name, description }) => ({ id, name, description, slug: key })),
      ...pageOf(input, slice === undefined ? 0 : await countCategories(ctx.db)),
    }
  },

  async listProducts(ctx, input) {
    const list = await listProducts(ctx.db, ctx.identity.accountId, input.category_id, sliceOf(input))
    if (list === undefined) throw notFound()
    return {
      products: list.products.map(product => ({
        id: product.id,
        type: kindId(product.kind),
        name: product.name,
        stock: product.stock !== null,
        paytype: product.paytype,
        description: product.description,
        qty: String(product.stock ?? 0),
        tags: [...product.tags],
        periods: wirePeriods(product.prices, list.currency),
      })),
      ...pageOf(input, list.total),
    }
  },

  async getProduct(ctx, input) {
    const currency = await accountCurrency(ctx.db, ctx.identity.accountId)
    const offers = await loadOffers(ctx.db, { productIds: [input.product_id] }, currency)
    const product = offeredProduct(offers, input.product_id)
    const cycle = defaultCycle(product)
    if (cycle === undefined) throw notFound() // not sold in this currency
    const scene = { now: ctx.business.now(), timeZone: ctx.config.timeZone }
    return { product: wireProduct(offers, product, cycle, scene) }
  },
}
