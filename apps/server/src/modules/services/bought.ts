import type { Cycle, Minor } from '@innkeeper/money'
import type { Discount } from './price.ts'

/** A service of an account; every store function takes both. */
export interface ServiceRef {
  readonly id: string
  readonly accountId: string
}

/** What was chosen about a service: a quantity, or a text, by item by field of the product's form. */
export type ServiceConfig = Readonly<Record<string, Readonly<Record<string, number | string>>>>

/** What an order makes a service of. Exactly one of the three ids is given. */
export interface NewBoughtService {
  readonly accountId: string
  readonly productId?: string
  readonly addonId?: string
  readonly tldId?: string
  /** Of an addon or subproduct: the place, among those that are made with it, of what it was bought with. */
  readonly hostPlace?: number
  readonly orderId?: string
  /** Host name, or the name of a domain. */
  readonly name: string
  readonly label?: string
  /** ISO 4217. */
  readonly currency: string
  readonly cycle: Cycle
  readonly config?: ServiceConfig
  /** Of one period from the second on, before discounts: of a domain, the price of its renewal. */
  readonly priceMinor: Minor
  /** What the first period and the setup cost, as the order had it. */
  readonly firstPaymentMinor: Minor
  /** A code whose discount is recurring, as the order had it: what becomes of the code later changes nothing. */
  readonly promo?: { readonly id: string; readonly discount: Discount }
  /** When the first period begins; months are counted from its day unless `anchorDay` says another. */
  readonly startsAt: Date
  readonly anchorDay?: number
  readonly domain?: NewDomain
}

export interface NewDomain {
  /** A-labels, lower case. */
  readonly name: string
  readonly action: 'register' | 'transfer'
  readonly eppCode?: string
}

/** A period of a service that stands on an invoice. */
export interface NewPeriod {
  readonly accountId: string
  readonly serviceId: string
  /** The invoice's line for it; null: free of charge. */
  readonly lineId: string | null
  readonly reason: 'order' | 'renewal'
  readonly startsAt: Date
  readonly endsAt: Date
  /** After discounts, before tax, without setup fees. */
  readonly netMinor: Minor
}
