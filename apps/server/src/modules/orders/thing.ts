import type { CartLine, Period } from '@innkeeper/money'
import type { AddonOffer, Config, ProductOffer, PromoLine, TldOffer } from '../catalog/index.ts'
import type { OwnDomain } from './facts-store.ts'

/** Something that will be billed by the period, or once: what a line asks for, and each thing bought with it. */
export interface Thing {
  /** The place of its line, and for what hangs on a product what it is: `0`, `0.addon.8`. */
  readonly key: string
  /** The place of its line among those that were sent. */
  readonly index: number
  /** Key of the product that it was bought with. */
  readonly parentKey?: string
  /** A host name, the name of a domain; empty where it has none. */
  readonly name: string
  readonly config: Config
  readonly line: CartLine
  /** Absent for what is paid once or never. */
  readonly period?: Period
  readonly anchorDay: number
  readonly what: What
}

export type What =
  | { readonly kind: 'product'; readonly product: ProductOffer }
  | { readonly kind: 'addon'; readonly addon: AddonOffer; readonly product: ProductOffer }
  | {
      readonly kind: 'domain'
      readonly tld: TldOffer
      readonly action: 'register' | 'transfer'
      readonly eppCode: string
    }
  | { readonly kind: 'renewal'; readonly tld: TldOffer; readonly domain: OwnDomain }

/** What of the catalogue it is, as the answer of an order shows it. */
export function offerOf(what: What): ProductOffer | AddonOffer | TldOffer {
  if (what.kind === 'product') return what.product
  return what.kind === 'addon' ? what.addon : what.tld
}

/** As discount codes look at it. */
export function promoLineOf({ key, line, what }: Thing): PromoLine {
  const { cycle } = line
  const { id } = offerOf(what)
  if (what.kind === 'product') return { key, cycle, productId: id }
  return what.kind === 'addon' ? { key, cycle, addonId: id } : { key, cycle, tldId: id }
}
