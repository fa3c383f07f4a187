import { type Minor, type Promo, parsePercent, percentOf } from '@innkeeper/money'

/** Taken off every period: that of a code whose discount is recurring. */
export type Discount = Promo['discount']

/** The discount of the code that a service keeps, from columns of promo_code. */
export function discountOf(percent: string | null, amountMinor: string | null): Discount | undefined {
  if (percent !== null) return { percent: parsePercent(percent) ?? 0 }
  return amountMinor === null ? undefined : { amountMinor: BigInt(amountMinor) }
}

/** What a period costs after the discount that the service has for good. */
export function discounted(priceMinor: Minor, discount: Discount | undefined): Minor {
  if (discount === undefined) return priceMinor
  const off = 'percent' in discount ? percentOf(priceMinor, discount.percent) : discount.amountMinor
  return off > priceMinor ? 0n : priceMinor - off
}
