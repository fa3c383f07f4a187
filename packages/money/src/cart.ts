import type { Currency, MilliPercent, Minor } from './amount.ts'
import type { Cycle } from './cycle.ts'
import type { TaxGroup, TaxTreatment } from './tax.ts'

/** What a document says a line is for. */
export type LineType =
  | 'Hosting'
  | 'Addon'
  | 'Domain Register'
  | 'Domain Transfer'
  | 'Domain Renew'
  | 'Upgrade'
  | 'Discount'
  | 'Credit'
  | 'Fee'
  | 'Other'

/** The price of a thing, or of one choice about it, for a whole period. */
export interface Charge {
  readonly label: string
  /** A whole number, at least 0. */
  readonly quantity: number
  readonly unitMinor: Minor
  /** Paid once, for each of the quantity; never prorated, never credited. */
  readonly setupMinor: Minor
}

/** A part of a whole: 20 of 31 days. */
export interface Part {
  readonly numerator: number
  readonly denominator: number
}

/** One thing to be paid: prices are looked up already. */
export interface CartLine {
  /** The caller's name for it; it comes back with what it became. */
  readonly key: string
  readonly type: LineType
  readonly description: string
  /** What was chosen about it: the line of the thing itself says so, those of its setup and discount do not. */
  readonly chosen?: string
  /** What it is for, as documents show it (`item_id`). */
  readonly itemId?: string
  readonly cycle: Cycle
  readonly charges: readonly Charge[]
  /** What a later period costs where it is not `charges`: a domain is registered for one price and renewed for another. */
  readonly laterCharges?: readonly Charge[]
  /** How much of a period is billed: the first may be shorter than a whole one, and hours are billed by the day. */
  readonly part?: Part
  /** So many periods stand on the line; the document counts them (24 × 0.02) where all cost the same. */
  readonly count?: Part
  readonly taxed: boolean
  /** Paid already and given back: what is left of the period that this replaces. Taken off before tax, down to 0. */
  readonly creditMinor?: Minor
  /** What that was paid for, for people; default: what the line is for. */
  readonly creditOf?: string
}

/** A discount code that holds (limits are counted elsewhere). */
export interface Promo {
  readonly code: string
  readonly discount: { readonly percent: MilliPercent } | { readonly amountMinor: Minor }
  readonly recurring: boolean
  readonly withSetup: boolean
  /** Keys of the lines it is good for. */
  readonly appliesTo: ReadonlySet<string>
}

/** What a way to pay costs; taxed like the rest. */
export interface PaymentFee {
  readonly name: string
  readonly fixedMinor: Minor
  /** Of the sum of the lines, after discounts. */
  readonly percent: MilliPercent
}

/** All that a price depends on. */
export interface Cart {
  readonly currency: Currency
  readonly lines: readonly CartLine[]
  readonly promo?: Promo
  readonly fee?: PaymentFee
  readonly tax: TaxTreatment
}

/** A line of the document: what a cart line, its setup, its discount or the fee became. */
export interface PricedLine {
  /** The cart line it belongs to; '' for the fee. */
  readonly key: string
  readonly role: 'item' | 'setup' | 'credit' | 'discount' | 'fee'
  readonly type: LineType
  readonly itemId: string
  readonly description: string
  /** At most three decimals. */
  readonly quantity: number
  readonly unitMinor: Minor
  /** quantity × unit; with tax if the treatment is inclusive; negative for discounts and credits. */
  readonly amountMinor: Minor
  /** Its part of the subtotal; these sum to it. */
  readonly netMinor: Minor
  /** Its part of all taxes; these sum to them. */
  readonly taxMinor: Minor
  readonly taxed: boolean
}

/** What a cart costs: the same figures for quote, order, upgrade, renewal and invoice. */
export interface PricedCart {
  readonly currency: Currency
  readonly lines: readonly PricedLine[]
  /** Net, after discounts, with the fee. `subtotal + tax + tax2 = total`. */
  readonly subtotalMinor: Minor
  /** What the discounts took off, as a positive net amount. */
  readonly discountMinor: Minor
  readonly groups: readonly TaxGroup[]
  readonly taxMinor: Minor
  readonly tax2Minor: Minor
  readonly totalMinor: Minor
  /** What each later period costs by cycle, with tax, after recurring discounts. */
  readonly recurring: readonly { readonly cycle: Cycle; readonly totalMinor: Minor }[]
  /** The price of each later period of each cart line, before tax and discounts (what a service's price is), by key. */
  readonly periodMinor: ReadonlyMap<string, Minor>
}
