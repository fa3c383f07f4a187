import { Type } from 'typebox'
import { Amount, Id } from '../wire.ts'
import { CycleCode } from './cycles.ts'
import { exampleChoice, exampleUntouched, FormField, ProrataDate } from './order-form.ts'

/** A choice with its price; for cycles `title` and `value` are the code. */
const PricedChoice = Type.Object({
  title: Type.String(),
  value: Type.String(),
  price: Amount,
  setup: Amount,
  selected: Type.Boolean({ description: 'What holds unless something else is chosen' }),
})

/** A product in the list of its category. */
export const Product = Type.Object({
  id: Id,
  type: Type.String({ description: 'Id of the kind of product' }),
  name: Type.String(),
  stock: Type.Boolean({ description: 'Whether `qty` counts what is left' }),
  paytype: Type.String({ description: 'Regular, Once, Free or Metered' }),
  description: Type.String(),
  qty: Type.String(),
  tags: Type.Array(Type.String()),
  periods: Type.Array(PricedChoice),
})

/** What every order of the product asks for: the cycle, and a host name where it has one. */
const ProductField = Type.Object({
  type: Type.String({ description: 'select or input' }),
  title: Type.String(),
  id: Type.String(),
  name: Type.String({ description: 'Name of the order field' }),
  items: Type.Optional(Type.Array(PricedChoice)),
  value: Type.Union([Type.String(), Type.Null()]),
  price: Type.Optional(Amount),
  setup: Type.Optional(Amount),
})

const AddonField = Type.Object({
  type: Type.String({ description: 'checkbox or select' }),
  title: Type.String(),
  name: Type.String({ description: 'Name of the order field' }),
  checked: Type.Optional(Type.Boolean()),
  items: Type.Optional(Type.Array(PricedChoice)),
})

/** Something that can be bought with the product. */
const Addon = Type.Object({
  type: Type.Literal('subitem'),
  title: Type.String(),
  id: Id,
  value: Type.Union([Type.String(), Type.Null()]),
  description: Type.String(),
  config: Type.Array(AddonField),
  price: Amount,
  recurring_price: Amount,
  setup: Amount,
  prorata_date: ProrataDate,
})

/** A product with all that can be chosen about it. */
export const ProductDetails = Type.Object({
  id: Id,
  category_name: Type.String(),
  category_id: Id,
  name: Type.String(),
  price: Amount,
  recurring: CycleCode,
  setup: Amount,
  config: Type.Object({
    product: Type.Array(ProductField),
    forms: Type.Array(FormField),
    addons: Type.Array(Addon),
    subproducts: Type.Array(Addon, { description: 'Other products that can be bought with it' }),
  }),
  recurring_price: Amount,
  prorata_date: ProrataDate,
})

const monthly = { title: 'm', value: 'm', price: 20, setup: 0, selected: true }
const yearly = { title: 'a', value: 'a', price: 220, setup: 0, selected: false }

/** A product as the list shows it. */
export const exampleProduct = {
  id: '45',
  type: '1',
  name: 'Web hosting M',
  stock: false,
  paytype: 'Regular',
  description: '20 GB of disk, 100 mailboxes',
  qty: '0',
  tags: [],
  periods: [monthly, yearly],
}

/** The same product with its form. */
export const exampleProductDetails = {
  id: '45',
  category_name: 'Web hosting',
  category_id: '4',
  name: 'Web hosting M',
  price: 20,
  recurring: 'm',
  setup: 0,
  config: {
    product: [
      {
        type: 'select',
        title: 'Billing cycle',
        id: 'cycle',
        name: 'cycle',
        items: [monthly, yearly],
        value: 'm',
        price: 20,
        setup: 0,
      },
      { type: 'input', title: 'Host name', id: 'domain', name: 'domain', value: null },
    ],
    forms: [
      {
        ...exampleUntouched,
        type: 'select',
        title: 'Disk',
        id: '118',
        firstItemId: 740,
        name: 'custom[118]',
        config: { conditionals: [] },
        items: [exampleChoice(740, '20 GB', 0), exampleChoice(741, '50 GB', 4)],
      },
    ],
    addons: [
      {
        type: 'subitem',
        title: 'One more address',
        id: '8',
        value: null,
        description: 'An IPv4 address of your own',
        config: [
          { type: 'checkbox', title: 'Add', name: 'addon[8]', checked: false },
          { type: 'select', title: 'Billing cycle', name: 'addon_cycles[8]', items: [{ ...monthly, price: 2 }] },
        ],
        price: 0,
        recurring_price: 0,
        setup: 0,
        prorata_date: null,
      },
    ],
    subproducts: [],
  },
  recurring_price: 20,
  prorata_date: null,
}
