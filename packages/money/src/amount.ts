/** A currency by its ISO 4217 code and the decimals of its minor unit: EUR 2, JPY 0, KWD 3. */
export interface Currency {
  readonly code: string
  readonly exponent: 0 | 2 | 3
}

/** An integer of minor units, always beside its currency. A bigint, so that no float can get in. */
export type Minor = bigint

/** An integer of thousandths of a percent: 24 % is 24 000. What `numeric(6,3)` columns hold, exactly. */
export type MilliPercent = number

/** 100 % as {@link MilliPercent}. */
export const wholePercent = 100_000n

/** `numerator ÷ denominator`, half away from zero. The denominator is positive. */
export function divideHalfUp(numerator: bigint, denominator: bigint): bigint {
  const negative = numerator < 0n
  const rounded = ((negative ? -numerator : numerator) * 2n + denominator) / (denominator * 2n)
  return negative ? -rounded : rounded
}

/** The sum of amounts of one currency. */
export function sum(amounts: readonly Minor[]): Minor {
  return amounts.reduce((a, b) => a + b, 0n)
}

/** That part of an amount, half away from zero: `percentOf(1999n, 24_000)` is 480n. */
export function percentOf(amount: Minor, percent: MilliPercent): Minor {
  return divideHalfUp(amount * BigInt(percent), wholePercent)
}

/** As text with all decimals of the currency: `9.99`, `-0.05`, `500` of yen. */
export function formatAmount(amount: Minor, { exponent }: Currency): string {
  const digits = String(amount < 0n ? -amount : amount).padStart(exponent + 1, '0')
  const sign = amount < 0n ? '-' : ''
  if (exponent === 0) return sign + digits
  return `${sign}${digits.slice(0, -exponent)}.${digits.slice(-exponent)}`
}

/** As a JSON number, for answers that are documented so; exact up to 2⁵³ minor units. */
export function amountNumber(amount: Minor, currency: Currency): number {
  return Number(formatAmount(amount, currency))
}

/** Reads a decimal amount. Undefined: not a decimal number, or finer than the currency's minor unit. */
export function parseAmount(text: string | number, { exponent }: Currency): Minor | undefined {
  const [whole, sign, units = '', decimals = ''] = /^(-?)(\d{1,15})(?:\.(\d{1,20}))?$/.exec(String(text).trim()) ?? []
  if (whole === undefined || !/^0*$/.test(decimals.slice(exponent))) return undefined
  const amount = BigInt(units + decimals.slice(0, exponent).padEnd(exponent, '0'))
  return sign === '-' ? -amount : amount
}

/** Reads the text of a `numeric(6,3)` column, or what an operator wrote: `24`, `"8.5"`. Undefined: not within 0 to 100. */
export function parsePercent(text: string | number): MilliPercent | undefined {
  const [whole, units = '', decimals = ''] = /^(\d{1,3})(?:\.(\d{1,3})0*)?$/.exec(String(text).trim()) ?? []
  if (whole === undefined) return undefined
  const percent = Number(units) * 1000 + Number(decimals.padEnd(3, '0'))
  return percent <= 100_000 ? percent : undefined
}

/** As text without needless zeros: `24`, `8.5`. */
export function formatPercent(percent: MilliPercent): string {
  return String(percent / 1000)
}

export function least(a: Minor, b: Minor): Minor {
  return a < b ? a : b
}
