import type { Cart } from '@innkeeper/money'
import { promoFor } from '../catalog/index.ts'
import { type Facts, noSuchPromo } from './facts.ts'
import { promoLineOf, type Thing } from './thing.ts'

/**
 * The cart of these things: the one that a quote shows and the one that an order is billed for. Refuses a discount code
 * that does not hold for them.
 */
export function cartOf(things: readonly Thing[], facts: Facts): Cart {
  const { account, method, now, offers, promo, tax } = facts
  const found = promo && promoFor(promo, account, things.map(promoLineOf), now)
  if (typeof found === 'string') throw noSuchPromo()
  return {
    currency: offers.currency,
    lines: things.map(thing => thing.line),
    tax,
    ...(found && { promo: found }),
    ...(method && { fee: method.fee }),
  }
}
