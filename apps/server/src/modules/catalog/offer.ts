import type { Currency, Cycle, Minor } from '@innkeeper/money'

/** What something costs for a period, and once. */
export interface Price {
  readonly priceMinor: Minor
  readonly setupMinor: Minor
}

/** Prices in the one currency that was asked for, in the order of the cycles. A cycle that is missing is not for sale. */
export type Prices = ReadonlyMap<Cycle, Price>

export type FieldType = 'select' | 'radio' | 'checkbox' | 'qty' | 'slider' | 'input' | 'textarea'
export type PayType = 'Free' | 'Once' | 'Regular' | 'Metered'
export type DomainAction = 'register' | 'transfer' | 'renew' | 'redemption'

/** A choice of a field. */
export interface OfferedItem {
  readonly id: string
  readonly key: string
  readonly title: string
  /** Chosen unless the order says otherwise. */
  readonly selected: boolean
  /** Can be kept by services that have it, and not be chosen any more. */
  readonly retired: boolean
  /** False: it costs nothing, in any currency and cycle. */
  readonly priced: boolean
  readonly prices: Prices
}

/** A field of the form that configures a product. All types but select and radio have exactly one item. */
export interface OfferedField {
  readonly id: string
  readonly key: string
  readonly type: FieldType
  readonly title: string
  readonly description: string
  readonly required: boolean
  readonly retired: boolean
  /** Of qty and slider. */
  readonly minimum: number
  readonly maximum: number | null
  readonly step: number
  /** For clients as it is: enableddefault, conditionals. */
  readonly config: Readonly<Record<string, unknown>>
  readonly items: readonly OfferedItem[]
}

/** Something that is bought with a product and billed on its own. */
export interface AddonOffer {
  readonly id: string
  readonly key: string
  readonly name: string
  readonly description: string
  readonly paytype: PayType
  readonly taxed: boolean
  readonly provisionerOptions: Readonly<Record<string, unknown>>
  readonly retired: boolean
  readonly prices: Prices
}

export interface ProductOffer {
  readonly id: string
  /** Null: made at the command line, not by the catalogue's file. */
  readonly key: string | null
  readonly name: string
  readonly description: string
  /** Null: not in the shop by itself. */
  readonly category: { readonly id: string; readonly name: string } | null
  readonly kind: string
  readonly paytype: PayType
  readonly tags: readonly string[]
  /** What is left; null: not counted. */
  readonly stock: number | null
  readonly taxed: boolean
  readonly hostName: 'none' | 'optional' | 'required'
  readonly prorataDay: number | null
  readonly provisionOn: 'order' | 'payment' | 'manual'
  readonly provisioner: string
  readonly provisionerOptions: Readonly<Record<string, unknown>>
  readonly features: readonly string[]
  /** What a new service of it may hold; null: no limit. */
  readonly dnsZoneLimit: number | null
  readonly retired: boolean
  readonly prices: Prices
  readonly form: readonly OfferedField[]
  /** Ids in {@link Offers.addons}; retired ones are left out. */
  readonly addonIds: readonly string[]
  /** Ids in {@link Offers.products}; retired ones are left out. */
  readonly subproductIds: readonly string[]
  /** What it can become; in {@link Offers.products} if asked for with `withUpgrades`. Retired ones are left out. */
  readonly upgradeIds: readonly string[]
}

export interface TldOffer {
  readonly id: string
  /** With its dot: `.com`. */
  readonly name: string
  readonly category: { readonly id: string; readonly name: string } | null
  readonly taxed: boolean
  readonly registrar: string
  readonly registrarOptions: Readonly<Record<string, unknown>>
  readonly needsEppCode: boolean
  readonly retired: boolean
  /** By action, then by the cycles y1 … y10. */
  readonly prices: ReadonlyMap<DomainAction, Prices>
}

/** What was asked for, with all that hangs on it, in one currency. */
export interface Offers {
  readonly currency: Currency
  readonly products: ReadonlyMap<string, ProductOffer>
  readonly addons: ReadonlyMap<string, AddonOffer>
  readonly tlds: ReadonlyMap<string, TldOffer>
}
