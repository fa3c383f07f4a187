import type { Contract, ReplyOf } from '@innkeeper/contract'
import { amountNumber, type Currency, type Cycle, dayOf, firstPeriod } from '@innkeeper/money'
import { defaultCycle, extraCycle, recurringMinor } from './charges.ts'
import type { Offers, Prices, ProductOffer } from './offer.ts'
import { wireForm } from './wire-form.ts'

type Wire = ReplyOf<Contract['cart']['getProduct']>['product']
type WireExtra = Wire['config']['addons'][number]

/** What the figures of a product are shown in, and when. */
export interface Scene {
  readonly now: Date
  readonly timeZone: string
}

/** A product with its form, as the documents show it: with the prices of the cycle that holds unless another is chosen. */
export function wireProduct(offers: Offers, product: ProductOffer, cycle: Cycle, scene: Scene): Wire {
  const { currency } = offers
  const cost = wireCost(product, cycle, currency)
  const prorataDate = prorataDateOf(product, cycle, scene)
  return {
    id: product.id,
    category_name: product.category?.name ?? '',
    category_id: product.category?.id ?? '0',
    name: product.name,
    price: cost.price,
    recurring: cycle as Wire['recurring'], // a product's, never the years of a domain
    setup: cost.setup,
    config: {
      product: [cycleField(product, cycle, currency), ...hostField(product)],
      forms: wireForm(product, { cycle, currency, prorataDate }),
      addons: product.addonIds.flatMap(id => wireExtra('addon', offers.addons.get(id), cycle, currency)),
      subproducts: product.subproductIds.flatMap(id =>
        wireExtra('subproducts', offers.products.get(id), cycle, currency),
      ),
    },
    recurring_price: cost.recurring_price,
    prorata_date: prorataDate,
  }
}

/** The cycles of a thing with their prices; selected is the one that holds unless another is chosen. */
export function wirePeriods(prices: Prices, currency: Currency, preset = defaultCycle({ prices })) {
  return [...prices].map(([cycle, { priceMinor, setupMinor }]) => ({
    title: cycle,
    value: cycle,
    price: amountNumber(priceMinor, currency),
    setup: amountNumber(setupMinor, currency),
    selected: cycle === preset,
  }))
}

function wireCost(thing: { readonly prices: Prices }, cycle: Cycle, currency: Currency) {
  const { priceMinor = 0n, setupMinor = 0n } = thing.prices.get(cycle) ?? {}
  return {
    price: amountNumber(priceMinor, currency),
    recurring_price: amountNumber(recurringMinor(thing, cycle), currency),
    setup: amountNumber(setupMinor, currency),
  }
}

function cycleField(product: ProductOffer, cycle: Cycle, currency: Currency): Wire['config']['product'][number] {
  const { price, setup } = wireCost(product, cycle, currency)
  const items = wirePeriods(product.prices, currency)
  return { type: 'select', title: 'Billing cycle', id: 'cycle', name: 'cycle', items, value: cycle, price, setup }
}

function hostField({ hostName }: ProductOffer): Wire['config']['product'] {
  return hostName === 'none' ? [] : [{ type: 'input', title: 'Host name', id: 'domain', name: 'domain', value: null }]
}

interface Extra {
  readonly id: string
  readonly name: string
  readonly description: string
  readonly prices: Prices
}

/** Something to buy with the product; none where it has no price in the currency. Nothing of it is chosen yet. */
function wireExtra(
  name: 'addon' | 'subproducts',
  extra: Extra | undefined,
  productCycle: Cycle,
  currency: Currency,
): WireExtra[] {
  const preset = extra && extraCycle(extra, productCycle)
  if (extra === undefined || preset === undefined) return []
  const { id } = extra
  const items = wirePeriods(extra.prices, currency, preset)
  return [
    {
      type: 'subitem',
      title: extra.name,
      id,
      value: null,
      description: extra.description,
      config: [
        { type: 'checkbox', title: 'Add', name: `${name}[${id}]`, checked: false },
        { type: 'select', title: 'Billing cycle', name: `${name}_cycles[${id}]`, items },
      ],
      price: 0,
      recurring_price: 0,
      setup: 0,
      prorata_date: null,
    },
  ]
}

function prorataDateOf({ prorataDay }: ProductOffer, cycle: Cycle, { now, timeZone }: Scene): string | null {
  if (prorataDay === null || withoutDays.has(cycle)) return null
  return dayOf(firstPeriod(now, cycle, prorataDay, timeZone).endsAt, timeZone)
}

/** Cycles to which a day of the month means nothing. */
const withoutDays: ReadonlySet<Cycle> = new Set<Cycle>(['h', 'd', 'w', 'Once', 'Free'])
