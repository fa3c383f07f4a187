import type { Refusal } from '../../refusal.ts'

/** A product that is asked for. What is chosen about it is as it was sent: the catalogue reads it. */
export interface ProductLine {
  readonly kind: 'product'
  readonly productId: string
  /** Empty for none. */
  readonly hostName: string
  /** Undefined: the cycle that the form shows as selected. */
  readonly cycle: string | undefined
  readonly custom: unknown
  readonly addons: ChosenTrees
  readonly subproducts: ChosenTrees
}
/** Which of what can be bought with a product, and in which cycles. */
export interface ChosenTrees {
  readonly chosen: unknown
  readonly cycles: unknown
}

/** A domain to be had anew. */
export interface DomainLine {
  readonly kind: 'register' | 'transfer'
  readonly tldId: string
  /** As it was sent. */
  readonly name: string
  readonly years: number
  readonly eppCode: string
}

/** More years for a domain of the account. */
export interface RenewalLine {
  readonly kind: 'renew'
  readonly domainId: string
  readonly years: number
}

export type OrderLine = ProductLine | DomainLine | RenewalLine

/** A line in its place among those that were sent, or why it makes no sense. */
export interface SentLine {
  readonly index: number
  readonly line: OrderLine | Refusal
}

/** A line that cannot be ordered. */
export interface RejectedLine {
  readonly index: number
  readonly refusal: Refusal
}
