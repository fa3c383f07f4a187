import type { App } from '../../context.ts'
import type { Queryable } from '../../db/database.ts'
import { badField, Refusal } from '../../refusal.ts'
import { methodsFor } from './method-store.ts'
import { isPayable } from './payable.ts'
import type { PaymentMethod } from './payment-method.ts'

export interface MethodChoice {
  /** What the customer sent as `pay_method`; without it, what {@link methodsFor} puts first. */
  readonly id?: string | undefined
  readonly accountId: string
  /** ISO 4217. */
  readonly currency: string
}

/**
 * The way to pay that was chosen. Refuses one that is unknown, retired, not configured, or does not take the currency;
 * undefined where nothing was chosen and nothing can be. Where nothing can be, no other choice would be right.
 */
export async function paymentMethodFor(
  app: Pick<App, 'gateways'>,
  db: Queryable,
  choice: MethodChoice,
): Promise<PaymentMethod | undefined> {
  const method = (await methodsFor(db, choice)).find(({ driver }) => isPayable(app, driver))
  if (method !== undefined || choice.id === undefined) return method
  const { accountId, currency } = choice
  if ((await paymentMethodFor(app, db, { accountId, currency })) === undefined) throw noPaymentMethods()
  throw badField('pay_method', 'field_format_error')
}

/** There is nothing to be sent as `pay_method`: the shop has no way to pay in this currency. */
export function noPaymentMethods(): Refusal {
  return new Refusal('conflict', { also: ['no_payment_methods'] })
}
