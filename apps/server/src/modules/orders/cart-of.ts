import type { Cart, Promo } from '@innkeeper/money'
import { type PromoReason, promoFor } from '../catalog/index.ts'
import type { Facts } from './facts.ts'
import { promoLineOf, type Thing } from './thing.ts'

/** The code as it holds for these things, or why it does not. Undefined: none was sent, or nobody has it. */
export function promoIn(things: readonly Thing[], { account, now, promo }: Facts): Promo | PromoReason | undefined {
  return promo && promoFor(promo, account, things.map(promoLineOf), now)
}

/** The cart of these things: the one that a quote shows and the one that an order is billed for. */
export function cartOf(things: readonly Thing[], facts: Facts): Cart {
  const { method, offers, tax } = facts
  const promo = promoIn(things, facts)
  return {
    currency: offers.currency,
    lines: things.map(thing => thing.line),
    tax,
    ...(typeof promo === 'object' && { promo }),
    ...(method && { fee: method.fee }),
  }
}
