import { Type } from 'typebox'
import { Amount, Id, Money } from '../wire.ts'
import { CycleCode, CycleName } from './cycles.ts'

/** What an order would cost. */
const QuoteSummary = Type.Object({
  subtotal: Amount,
  total: Amount,
  credit: Amount,
  discount: Amount,
  cost: Amount,
  recurring: Type.Array(Type.Object({ title: CycleName, price: Amount, value: CycleCode })),
  tax: Type.Array(Type.Object({ name: Type.String(), tax: Amount, value: Type.Number({ description: 'Percent' }) })),
})

const QuotedProduct = Type.Object({
  id: Type.Integer(),
  category_name: Type.String(),
  category_id: Type.Integer(),
  name: Type.String(),
  domain: Type.String(),
})
const QuotedDomain = Type.Object({
  id: Type.Integer({ description: 'Id of the TLD' }),
  index: Type.Integer(),
  category_id: Id,
  category_name: Type.String(),
  name: Type.String(),
  tld: Type.String(),
  period: Type.Integer({ description: 'Years' }),
  price: Money,
})

/** One line of a quote, in the order of the lines that were sent: a product, or domains by their names. */
const QuotedItem = Type.Object({
  product: Type.Union([QuotedProduct, Type.Null()]),
  domains: Type.Record(Type.String(), QuotedDomain),
  coupon: Type.Record(Type.String(), Type.Unknown(), { description: 'The discount code that counts; empty for none' }),
  index: Type.Integer(),
  valid: Type.Boolean({ description: 'Whether the line can be ordered' }),
  info: Type.Array(Type.String()),
  error: Type.Array(Type.String(), { description: 'Why it cannot be ordered' }),
})

/** What an order would cost. */
export const Quote = Type.Object({
  summary: QuoteSummary,
  items: Type.Optional(Type.Array(QuotedItem, { description: 'Absent from a short quote' })),
})

/** An example of {@link Quote}. */
export const exampleQuote = {
  summary: {
    subtotal: 229.5,
    total: 284.58,
    credit: 0,
    discount: 0,
    cost: 229.5,
    recurring: [{ title: 'Annually', price: 232, value: 'a' }],
    tax: [{ name: 'VAT', tax: 55.08, value: 24 }],
  },
  items: [
    {
      product: { id: 45, category_name: 'Web hosting', category_id: 4, name: 'Web hosting M', domain: 'example.org' },
      domains: {},
      coupon: {},
      index: 0,
      valid: true,
      info: [],
      error: [],
    },
    {
      product: null,
      domains: {
        'example.org': {
          id: 7,
          index: 0,
          category_id: '5',
          category_name: 'Domains',
          name: 'example.org',
          tld: '.org',
          period: 1,
          price: '9.50',
        },
      },
      coupon: {},
      index: 1,
      valid: true,
      info: [],
      error: [],
    },
  ],
}
