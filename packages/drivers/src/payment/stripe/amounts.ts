import { DriverError } from '../../kit/driver-error.ts'
import type { ChargeAmount } from '../driver.ts'

/*
 * Stripe counts in minor units as ISO 4217 has them, with two kinds of exceptions:
 * https://docs.stripe.com/currencies#special-cases and https://docs.stripe.com/currencies#three-decimal
 */

/** Without decimals in ISO 4217, with two at Stripe, which have to be 00. */
const hundredfold: ReadonlySet<string> = new Set(['ISK', 'UGX'])
/** Three decimals, of which Stripe wants the last to be 0. */
const threeDecimals: ReadonlySet<string> = new Set(['BHD', 'JOD', 'KWD', 'OMR', 'TND'])

/** What Stripe is told. Throws `refused` for what it cannot charge. */
export function toStripe({ amountMinor, currency }: ChargeAmount): { amount: number; currency: string } {
  if (threeDecimals.has(currency) && amountMinor % 10n !== 0n) {
    throw new DriverError('refused', `Stripe charges ${currency} to two decimals only`)
  }
  const amount = hundredfold.has(currency) ? amountMinor * 100n : amountMinor
  return { amount: Number(amount), currency: currency.toLowerCase() }
}

/** What Stripe said. */
export function fromStripe(amount: number, currency: string): ChargeAmount {
  const code = currency.toUpperCase()
  return { amountMinor: BigInt(amount) / (hundredfold.has(code) ? 100n : 1n), currency: code }
}
