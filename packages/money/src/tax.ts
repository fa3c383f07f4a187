import type { MilliPercent, Minor } from './amount.ts'

/** A tax that holds at a place on a day. Level 2 is taken of the same base as level 1, not on top of it. */
export interface TaxRate {
  readonly level: 1 | 2
  readonly name: string
  readonly percent: MilliPercent
}

/**
 * EN 16931 codes of a VAT category: S standard, Z zero rate, E exempt, AE reverse charge, G export, O not subject to
 * tax, K intra-community supply of goods.
 */
export type TaxCategory = 'S' | 'Z' | 'E' | 'AE' | 'G' | 'O' | 'K'

/** How a sale is taxed: decided once for a document by where buyer and seller are. */
export interface TaxTreatment {
  /** Prices hold the tax already. */
  readonly inclusive: boolean
  readonly rates: readonly TaxRate[]
  readonly category: TaxCategory
  /** Why no tax is charged, in words for the document: `Reverse charge`. Empty where tax is charged. */
  readonly reason: string
}

/** The tax of one rate on a document: base and tax are rounded here, once, and lines are shared out of them. */
export interface TaxGroup {
  readonly level: 1 | 2
  readonly name: string
  readonly percent: MilliPercent
  readonly category: TaxCategory
  readonly reason: string
  readonly baseMinor: Minor
  readonly taxMinor: Minor
}
