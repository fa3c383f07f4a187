import { type Currency, formatAmount, formatPercent, type MilliPercent, type PaymentFee } from '@innkeeper/money'

/** A way to pay, as an account with this currency sees it. */
export interface PaymentMethod {
  readonly id: string
  readonly key: string
  /** What carries it out: bank, credit, stripe. */
  readonly driver: string
  readonly name: string
  /** What it adds to an invoice in the currency asked for. */
  readonly fee: PaymentFee
  /** What its driver is told, as the catalogue gives it: the IBAN of a bank, the form of its statements. */
  readonly options: Readonly<Record<string, unknown>>
}

/** As the documents show fees: no needless zeros, but always one decimal, `0.0`, `0.2`, `2.75`. */
export function wireFee(fixedMinor: bigint, currency: Currency): string {
  return oneDecimalAtLeast(formatAmount(fixedMinor, currency))
}

/** The same for percents. */
export function wirePercent(percent: MilliPercent): string {
  return oneDecimalAtLeast(formatPercent(percent))
}

function oneDecimalAtLeast(decimal: string): string {
  const [units, decimals = ''] = decimal.split('.')
  return `${units}.${decimals.replace(/0+$/, '') || '0'}`
}
