import { Type } from 'typebox'
import { needs, op, signedIn } from '../op.ts'
import { Id, InBoolean, InId, InNumber, InText, InTree, Money, OneOf, Page, paging } from '../wire.ts'
import { cycleOtherwise, InCycle } from './cycles.ts'
import { exampleProduct, exampleProductDetails, Product, ProductDetails } from './order-product.ts'
import { inAffiliate, inPayment, OrderedItem, orderErrors, PlacedOrder, RecordedPlacedOrder } from './placed-order.ts'
import { exampleQuote, exampleQuoteConfig, Quote } from './quote.ts'

const Category = Type.Object({ id: Id, name: Type.String(), description: Type.String(), slug: Type.String() })

const InCustom = Type.Optional(InTree('Choices of the form: custom[id][choice]=quantity'))
/** What is bought with a product, in a line of its own on the invoice. */
const inExtras = {
  addon: Type.Optional(InTree('Addons to buy with it: addon[id]=1')),
  addon_cycles: Type.Optional(
    InTree('Their billing cycles: addon_cycles[id]=m; without one that of the product, or what is shown as selected'),
  ),
  subproducts: Type.Optional(InTree('Other products to buy with it: subproducts[id]=1')),
  subproducts_cycles: Type.Optional(InTree('Their billing cycles: subproducts_cycles[id]=m')),
}
const inPromo = { promocode: Type.Optional(InText(100, 'Discount code')) }

/**
 * One line of an order: a product, a new domain, or the renewal of a domain. Its fields are looked at line by line and
 * not by this schema, so that `ignore_errors` can leave out a line whose years or cycle make no sense.
 */
const InLine = Type.Object({
  type: OneOf(['product', 'domain']),
  product_id: Type.Optional(InText(20, 'Id of the product')),
  domain: Type.Optional(InText(255, 'Host name of the product')),
  cycle: Type.Optional(InText(10, `Billing cycle of the product; ${cycleOtherwise}`)),
  custom: InCustom,
  ...inExtras,
  tld_id: Type.Optional(InText(20, 'Id of the TLD of a new domain')),
  name: Type.Optional(InText(255, 'Name of a new domain')),
  action: Type.Optional(InText(10, 'Of a domain: register, transfer or renew')),
  years: Type.Optional(InNumber('Of a domain: 1 to 10')),
  epp: Type.Optional(InText(255, 'Transfer code')),
  domain_id: Type.Optional(InText(20, 'Id of the domain to renew')),
})
const InLines = Type.Array(InLine, { minItems: 1, maxItems: 100 })

const exampleLines = [
  { type: 'product', product_id: '45', domain: 'example.org', cycle: 'a' },
  { type: 'domain', tld_id: '7', name: 'example.org', action: 'register', years: 1 },
]

const lineErrors = [
  ...orderErrors,
  'coupon_not_exist',
  'domain_already_exist',
  'domain_format_error',
  'epp_code_error',
  'renewnotavailable',
] as const

/** A line that could not be ordered while the others were. */
const RejectedLine = Type.Object({
  index: Type.Integer({ description: 'Its place in `items` of the request, from 0' }),
  error: Type.Array(Type.String(), { description: 'As the whole request would have been refused with' }),
  fields: Type.Record(Type.String(), Type.Array(Type.String()), { description: 'What is wrong with its fields' }),
})

/** What can be bought, and buying it. */
export const cart = {
  listCategories: op({
    id: 'cart.listCategories',
    method: 'GET',
    path: '/category',
    summary: 'Categories of products',
    input: paging,
    reply: Type.Object({ categories: Type.Array(Category), page: Type.Optional(Page) }),
    access: signedIn,
    examples: [
      {
        reply: {
          categories: [
            { id: '4', name: 'Web hosting', description: 'For sites and shops', slug: 'web-hosting' },
            { id: '5', name: 'Domains', description: '', slug: 'domains' },
          ],
        },
      },
    ],
    documents: 'PD',
  }),
  listProducts: op({
    id: 'cart.listProducts',
    method: 'GET',
    path: '/category/{category_id}/product',
    summary: 'Products of a category',
    input: { category_id: InId, ...paging },
    reply: Type.Object({ products: Type.Array(Product), page: Type.Optional(Page) }),
    access: signedIn,
    errors: ['not_found'],
    examples: [{ request: { category_id: '4' }, reply: { products: [exampleProduct] } }],
    documents: 'PD',
  }),
  getProduct: op({
    id: 'cart.getProduct',
    method: 'GET',
    path: '/order/{product_id}',
    summary: 'What can be chosen about a product',
    description:
      'Its billing cycles, its form and what can be bought with it, each with the name of the field that orders it.',
    input: { product_id: InId },
    reply: Type.Object({ product: ProductDetails }),
    access: signedIn,
    errors: ['not_found'],
    examples: [{ request: { product_id: '45' }, reply: { product: exampleProductDetails } }],
    documents: 'PD',
  }),
  orderProduct: op({
    id: 'cart.orderProduct',
    method: 'POST',
    path: '/order/{product_id}',
    summary: 'Order a product',
    description:
      'Answers with the invoice to pay. What is chosen goes into `custom`, `addon`, `addon_cycles` and so on, by the names that the product shows.',
    input: {
      product_id: InId,
      domain: Type.Optional(InText(255, 'Host name, where the product has one')),
      cycle: Type.Optional(InCycle),
      ...inPayment,
      custom: InCustom,
      ...inExtras,
      ...inPromo,
      ...inAffiliate,
    },
    reply: PlacedOrder,
    recorded: RecordedPlacedOrder,
    access: needs('billing', 'orders'),
    errors: [...orderErrors, 'coupon_not_exist', 'invalid_hostname'],
    examples: [
      {
        request: {
          product_id: '45',
          domain: 'example.org',
          cycle: 'm',
          pay_method: '6',
          custom: { '118': { '741': 1 } },
          promocode: 'ADA10',
        },
        reply: {
          order_num: 402993122,
          invoice_id: '5125',
          total: '29.76',
          items: { id: '333', type: 'Hosting', name: 'example.org', product_id: '45' },
        },
      },
    ],
    documents: 'PD',
  }),
  orderMany: op({
    id: 'cart.orderMany',
    method: 'POST',
    path: '/order',
    summary: 'Order several things',
    description:
      'One order for each line and one invoice for all. If a line cannot be ordered nothing is, unless `ignore_errors` is on: then `errors` says which lines were left out, and why.',
    input: {
      ...inPayment,
      ignore_errors: Type.Optional(InBoolean('Whether to leave out lines that cannot be ordered')),
      items: InLines,
      ...inPromo,
      ...inAffiliate,
    },
    reply: Type.Object({
      order_num_list: Type.Array(Type.Integer()),
      invoice_id: Type.String({ description: 'The invoice to pay; "0" when there is nothing to pay' }),
      total: Money,
      items: Type.Array(OrderedItem, { description: 'What the lines became, addons behind their product' }),
      errors: Type.Optional(
        Type.Array(RejectedLine, { description: 'Lines that `ignore_errors` left out; absent when none was' }),
      ),
    }),
    access: needs('billing', 'orders'),
    errors: lineErrors,
    examples: [
      {
        request: { pay_method: '6', items: exampleLines },
        reply: {
          order_num_list: [402993123, 402993124],
          invoice_id: '5126',
          total: '284.58',
          items: [
            { type: 'Hosting', id: '334', name: 'example.org', product_id: '45' },
            { type: 'Domain Register', id: '525', name: 'example.org', product_id: '7' },
          ],
        },
      },
      {
        title: 'With a line left out',
        request: {
          ignore_errors: true,
          items: [exampleLines[0], { type: 'domain', tld_id: '7', name: 'example.net', action: 'register', years: 11 }],
        },
        reply: {
          order_num_list: [402993125],
          invoice_id: '5127',
          total: '272.80',
          items: [{ type: 'Hosting', id: '336', name: 'example.org', product_id: '45' }],
          errors: [{ index: 1, error: ['field_format_error', 'years'], fields: { years: ['field_format_error'] } }],
        },
      },
    ],
    documents: 'D',
  }),
  quote: op({
    id: 'cart.quote',
    method: 'POST',
    path: '/quote',
    summary: 'What would it cost?',
    description:
      'Takes the lines of an order and computes it to the cent as the order would; nothing is ordered. A line that could not be ordered says so in `error` and costs nothing.',
    input: {
      ...inPayment,
      output: Type.Optional(
        OneOf(
          ['short', 'config', 'full'],
          'short: the sums only; config: the sums and what each line has chosen; full, unless told: the sums and the lines',
        ),
      ),
      items: InLines,
      ...inPromo,
    },
    reply: Type.Object({
      ...Quote.properties,
      errors: Type.Optional(
        Type.Array(RejectedLine, {
          description: 'Of a short quote or of `config`: lines that cannot be ordered and are not in the sums',
        }),
      ),
    }),
    access: signedIn,
    errors: lineErrors,
    examples: [
      { request: { pay_method: '6', items: exampleLines }, reply: exampleQuote },
      {
        title: 'The sums only',
        request: { output: 'short', items: exampleLines },
        reply: { summary: exampleQuote.summary },
      },
      {
        title: 'What each line has chosen',
        request: { output: 'config', items: exampleLines },
        reply: { summary: exampleQuote.summary, config: exampleQuoteConfig },
      },
    ],
    documents: 'D',
  }),
}
