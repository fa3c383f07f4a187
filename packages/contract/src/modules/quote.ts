import { Type } from 'typebox'
import { Amount, Id, Money } from '../wire.ts'

/** The sums. `cost - discount = subtotal`, and `subtotal` with all of `tax` is `total`. */
const QuoteSummary = Type.Object({
  subtotal: Type.Number({ description: 'Before tax, after discounts, with the fee of the payment method' }),
  total: Type.Number({ description: 'What the invoice would be for' }),
  credit: Type.Number({ description: "What of the total the account's credit would pay" }),
  discount: Amount,
  cost: Type.Number({ description: 'Before tax and discounts' }),
  recurring: Type.Array(
    Type.Object({
      title: Type.String({ description: 'Monthly, Annually …; 6 Years and so on for longer domains' }),
      price: Amount,
      value: Type.String({ description: 'Code of the cycle; y6 to y10 for longer domains' }),
    }),
    { description: 'What the periods after the first cost, with tax' },
  ),
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
  info: Type.Array(Type.String(), { description: 'What is chosen about it, for people' }),
  error: Type.Array(Type.String(), { description: 'Why it cannot be ordered' }),
})

/** One price of a line: the thing itself, a choice of its form, an addon. Before tax, for a whole period; of what is hourly, for an hour. */
const QuotedCharge = Type.Object({
  title: Type.String(),
  quantity: Type.Integer(),
  price: Type.Number({ description: 'Of one' }),
  setup: Type.Number({ description: 'Of one, paid once' }),
})

/** What a line has chosen, with what the order leaves to the catalogue filled in. */
const QuotedConfig = Type.Object({
  index: Type.Integer({ description: 'Its place in `items` of the request, from 0' }),
  valid: Type.Boolean(),
  cycle: Type.String({
    description: 'Billing cycle; y1 to y10 for the years of a domain; empty for a line that is not valid',
  }),
  custom: Type.Record(Type.String(), Type.Record(Type.String(), Type.Union([Type.Number(), Type.String()])), {
    description: 'As an order takes it: quantity or text by choice by field',
  }),
  charges: Type.Array(QuotedCharge),
  addons: Type.Array(
    Type.Object({ id: Id, name: Type.String(), cycle: Type.String(), charges: Type.Array(QuotedCharge) }),
  ),
})

/** What an order would cost. */
export const Quote = Type.Object({
  summary: QuoteSummary,
  config: Type.Optional(Type.Array(QuotedConfig, { description: 'With `output=config`' })),
  items: Type.Optional(Type.Array(QuotedItem, { description: 'With `output=full`, which is the default' })),
})

/** An example of what the lines of {@link exampleQuote} have chosen. */
export const exampleQuoteConfig = [
  {
    index: 0,
    valid: true,
    cycle: 'a',
    custom: { '118': { '740': 1 } },
    charges: [
      { title: 'Web hosting M', quantity: 1, price: 220, setup: 0 },
      { title: 'Disk: 20 GB', quantity: 1, price: 0, setup: 0 },
    ],
    addons: [],
  },
  {
    index: 1,
    valid: true,
    cycle: 'y1',
    custom: {},
    charges: [{ title: 'example.org', quantity: 1, price: 9.5, setup: 0 }],
    addons: [],
  },
]

/** An example of {@link Quote}. */
export const exampleQuote = {
  summary: {
    subtotal: 229.5,
    total: 284.58,
    credit: 0,
    discount: 0,
    cost: 229.5,
    recurring: [{ title: 'Annually', price: 287.68, value: 'a' }],
    tax: [{ name: 'VAT', tax: 55.08, value: 24 }],
  },
  items: [
    {
      product: { id: 45, category_name: 'Web hosting', category_id: 4, name: 'Web hosting M', domain: 'example.org' },
      domains: {},
      coupon: {},
      index: 0,
      valid: true,
      info: ['Disk: 20 GB'],
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
