import {
  type Cycle,
  divideHalfUp,
  formatPercent,
  type Minor,
  monthsOf,
  type Part,
  type Promo,
  parsePercent,
  percentOf,
} from '@innkeeper/money'

/** Taken off every period: that of a code whose discount is recurring. */
export type Discount = Promo['discount']

/** The discount that a service keeps, from its columns. */
export function discountOf(percent: string | null, amountMinor: string | null): Discount | undefined {
  if (percent !== null) return { percent: parsePercent(percent) ?? 0 }
  return amountMinor === null ? undefined : { amountMinor: BigInt(amountMinor) }
}

/** The same as columns. */
export function discountColumns(discount: Discount | undefined) {
  const percent = discount !== undefined && 'percent' in discount ? formatPercent(discount.percent) : null
  const minor = discount !== undefined && 'amountMinor' in discount ? String(discount.amountMinor) : null
  return { discount_percent: percent, discount_minor: minor }
}

/** What a period costs after the discount that the service has for good. */
export function discounted(priceMinor: Minor, discount: Discount | undefined): Minor {
  if (discount === undefined) return priceMinor
  const off = 'percent' in discount ? percentOf(priceMinor, discount.percent) : discount.amountMinor
  return off > priceMinor ? 0n : priceMinor - off
}

/** The same for what is billed at once: a percentage is taken of all hours together, where it is not lost in rounding. */
export function discountedAtOnce(priceMinor: Minor, discount: Discount | undefined, hours: Part | undefined): Minor {
  if (hours === undefined) return discounted(priceMinor, discount)
  const all = (minor: Minor) => divideHalfUp(minor * BigInt(hours.numerator), BigInt(hours.denominator))
  const off =
    discount !== undefined && 'amountMinor' in discount ? { amountMinor: all(discount.amountMinor) } : discount
  return discounted(all(priceMinor), off)
}

/** What a service costs by the period, whatever that is. */
interface Rate {
  readonly priceMinor: Minor
  readonly cycle: Cycle
}

/** Whether one costs more than the other for the same time, before discounts. */
export function isDearer(one: Rate, other: Rate): boolean {
  return one.priceMinor * hoursOf(other.cycle) > other.priceMinor * hoursOf(one.cycle)
}

const shortHours: Readonly<Partial<Record<Cycle, number>>> = { h: 1, d: 24, w: 168 }
/** A twelfth of a year. */
const monthHours = 730

function hoursOf(cycle: Cycle): bigint {
  return BigInt(shortHours[cycle] ?? (monthsOf(cycle) ?? 1) * monthHours)
}
