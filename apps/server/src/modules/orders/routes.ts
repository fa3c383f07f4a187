import { formatAmount } from '@innkeeper/money'
import type { ModuleHandlers } from '../../http/implement.ts'
import { notFound, Refusal } from '../../refusal.ts'
import type { RejectedLine } from './order-line.ts'
import { type Bought, type Placed, placeOrder } from './place-order.ts'
import { quoteCart } from './quote-cart.ts'
import { productLine, readLines } from './read-line.ts'
import { offerOf } from './thing.ts'
import { wireConfig, wireItems, wireSummary } from './wire-quote.ts'

type WireType = 'Hosting' | 'Addon' | 'Domain Register' | 'Domain Transfer' | 'Domain Renew'

/** Quotes and orders; what there is to buy is the catalogue's to show. */
export const orderHandlers: Pick<ModuleHandlers<'cart'>, 'quote' | 'orderProduct' | 'orderMany'> = {
  async quote(ctx, input) {
    const request = { lines: readLines(input.items), promoCode: input.promocode, paymentMethodId: input.pay_method }
    const quoted = await quoteCart(ctx, request, refusalInList)
    const summary = wireSummary(quoted)
    const { output = 'full' } = input
    if (output === 'full') return { summary, items: wireItems(quoted) }
    const config = output === 'config' ? { config: wireConfig(quoted) } : {}
    return { summary, ...config, ...wireErrors(quoted.rejected) }
  },

  async orderProduct(ctx, input) {
    const placed = await placeOrder(ctx, {
      lines: [{ index: 0, line: productLine(input.product_id, input) }],
      promoCode: input.promocode,
      paymentMethodId: input.pay_method,
      affiliateId: input.aff_id,
      ignoreErrors: false,
      // The product is in the path: that it does not exist is the whole answer.
      refusalOf: ({ refusal }) => (refusal.code === 'not_found' ? notFound() : refusal),
    })
    const [item, ...addons] = wireBought(placed.bought)
    const [order] = placed.orders
    if (item === undefined || order === undefined) throw new Error('an order without a line was placed')
    const rest = {
      order_num: order.number,
      ...wirePlaced(placed),
      ...(addons.length === 0 ? {} : { addons }),
    }
    return ctx.dialect === 'recorded' ? { ...rest, items: [item] } : { ...rest, items: item }
  },

  async orderMany(ctx, input) {
    const placed = await placeOrder(ctx, {
      lines: readLines(input.items),
      promoCode: input.promocode,
      paymentMethodId: input.pay_method,
      affiliateId: input.aff_id,
      ignoreErrors: input.ignore_errors ?? false,
      refusalOf: refusalInList,
    })
    return {
      order_num_list: placed.orders.map(order => order.number),
      ...wirePlaced(placed),
      items: wireBought(placed.bought),
      ...wireErrors(placed.rejected),
    }
  },
}

function wirePlaced({ invoiceId, priced }: Placed) {
  return { invoice_id: invoiceId ?? '0', total: formatAmount(priced.totalMinor, priced.currency) }
}

/** What belongs to something else without a name of its own has the name of that, as in the list of services. */
function wireBought(bought: readonly Bought[]) {
  const names = new Map(bought.map(({ thing }) => [thing.key, thing.name]))
  return bought.map(({ thing, serviceId }) => {
    const name = thing.name || (names.get(thing.parentKey ?? '') ?? '')
    return { id: serviceId, type: wireType(thing), name, product_id: offerOf(thing.what).id }
  })
}

function wireType({ what }: Bought['thing']): WireType {
  if (what.kind === 'product') return 'Hosting'
  if (what.kind === 'addon') return 'Addon'
  if (what.kind === 'renewal') return 'Domain Renew'
  return what.action === 'register' ? 'Domain Register' : 'Domain Transfer'
}

/** Which lines were left out, and why; absent where none was. */
function wireErrors(rejected: readonly RejectedLine[]) {
  return rejected.length === 0 ? {} : { errors: rejected.map(wireRejected) }
}

function wireRejected({ index, refusal }: RejectedLine) {
  const { also = [], fields = {} } = refusal.detail
  const lists = Object.entries(fields).map(([name, codes]) => [name, [...codes]])
  return { index, error: [refusal.code, ...also], fields: Object.fromEntries(lists) as Record<string, string[]> } // as made above
}

/** The same refusal, by the names that the fields have in the whole request: `items[0][cycle]`. */
function refusalInList({ index, refusal }: RejectedLine): Refusal {
  const { also = [], fields = {}, ...rest } = refusal.detail
  const nameOf = (field: string) => `items[${index}]${field.replace(/^[^[]+/, '[$&]')}`
  return new Refusal(refusal.code, {
    ...rest,
    also: also.map(word => (Object.hasOwn(fields, word) ? nameOf(word) : word)),
    fields: Object.fromEntries(Object.entries(fields).map(([field, codes]) => [nameOf(field), codes])),
  })
}
