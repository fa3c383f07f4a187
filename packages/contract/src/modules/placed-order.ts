import { Type } from 'typebox'
import type { ErrorCode } from '../errors.ts'
import { Id, InIdOf, Money, OneOf } from '../wire.ts'

/** What one line of an order became. */
export const OrderedItem = Type.Object({
  id: Id,
  type: OneOf(['Hosting', 'Domain Register', 'Domain Transfer', 'Domain Renew', 'Addon', 'Upgrade']),
  name: Type.String(),
  product_id: Id,
})

const placed = {
  order_num: Type.Integer({ description: 'Number of the order' }),
  invoice_id: Type.String({ description: 'The invoice to pay; "0" when there is nothing to pay' }),
  total: Money,
}

const addons = Type.Optional(Type.Array(OrderedItem, { description: 'What was bought with it; absent without any' }))

/** The answer to an order of one thing: `items` is that thing itself. */
export const PlacedOrder = Type.Object({ ...placed, items: OrderedItem, addons })
/** The same in the `recorded` dialect: `items` is a list. */
export const RecordedPlacedOrder = Type.Object({ ...placed, items: Type.Array(OrderedItem), addons })

/** How an order is paid and whom it is credited to; every order takes these. */
export const inPayment = {
  pay_method: Type.Optional(
    InIdOf('Id of a payment method, whose fee stands on the invoice; without it that of the account'),
  ),
}
/** Who earns the commission of an order. */
export const inAffiliate = {
  aff_id: Type.Optional(InIdOf('Id of the affiliate who brought the buyer')),
}

/** Why an order may be refused, whatever is bought. */
export const orderErrors: readonly ErrorCode[] = ['insufficient_credit', 'not_found', 'conflict']
