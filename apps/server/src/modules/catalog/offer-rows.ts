import { type Cycle, cycles } from '@innkeeper/money'
import type {
  AddonOffer,
  DomainAction,
  OfferedField,
  OfferedItem,
  Price,
  Prices,
  ProductOffer,
  TldOffer,
} from './offer.ts'

/** Cycle, price, setup; amounts as text, since JSON's numbers are floats. */
export type PriceRow = readonly [Cycle, string, string]

type ItemRow = Omit<OfferedItem, 'prices'> & { readonly prices: readonly PriceRow[] }
type FieldRow = Omit<OfferedField, 'items'> & { readonly items: readonly ItemRow[] }
/** What the one statement of loadOffers gives, as JSON. */
export type ProductRow = Omit<ProductOffer, 'prices' | 'form'> & {
  readonly prices: readonly PriceRow[]
  readonly form: readonly FieldRow[]
}
export type AddonRow = Omit<AddonOffer, 'prices'> & { readonly prices: readonly PriceRow[] }
export type TldRow = Omit<TldOffer, 'prices'> & { readonly prices: readonly (readonly [DomainAction, ...PriceRow])[] }

const order: ReadonlyMap<string, number> = new Map(cycles.map((cycle, index) => [cycle, index]))
const nothing: Price = { priceMinor: 0n, setupMinor: 0n }

function pricesOf(rows: readonly PriceRow[]): Prices {
  const sorted = [...rows].sort(([a], [b]) => (order.get(a) ?? 0) - (order.get(b) ?? 0))
  return new Map(
    sorted.map(([cycle, price, setup]) => [cycle, { priceMinor: BigInt(price), setupMinor: BigInt(setup) }]),
  )
}

/** What is free has no rows of prices, in whatever currency. */
export function pricesOfThing({ paytype, prices }: Pick<ProductRow, 'paytype' | 'prices'>): Prices {
  return paytype === 'Free' ? new Map([['Free', nothing]]) : pricesOf(prices)
}

export function productOf(row: ProductRow): ProductOffer {
  const form = row.form.map(field => ({
    ...field,
    items: field.items.map(item => ({ ...item, prices: pricesOf(item.prices) })),
  }))
  return { ...row, prices: pricesOfThing(row), form }
}

export function addonOf(row: AddonRow): AddonOffer {
  return { ...row, prices: pricesOfThing(row) }
}

export function tldOf(row: TldRow): TldOffer {
  const actions = new Map<DomainAction, PriceRow[]>()
  for (const [action, ...price] of row.prices) actions.set(action, [...(actions.get(action) ?? []), price])
  return { ...row, prices: new Map([...actions].map(([action, prices]) => [action, pricesOf(prices)])) }
}
