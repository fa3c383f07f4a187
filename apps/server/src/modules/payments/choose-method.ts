import type { App } from '../../context.ts'
import type { Queryable } from '../../db/database.ts'
import { badField } from '../../refusal.ts'
import { isPayable } from './gateways.ts'
import { methodsFor } from './method-store.ts'
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
 * undefined where nothing was chosen and nothing can be.
 */
export async function paymentMethodFor(
  app: Pick<App, 'gateways'>,
  db: Queryable,
  choice: MethodChoice,
): Promise<PaymentMethod | undefined> {
  const method = (await methodsFor(db, choice)).find(({ driver }) => isPayable(app, driver))
  if (method === undefined && choice.id !== undefined) throw badField('pay_method', 'field_format_error')
  return method
}
