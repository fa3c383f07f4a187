import { type Charge, type Cycle, cycles, recurs } from '@innkeeper/money'
import { badField } from '../../refusal.ts'
import type { FieldConfig } from './configuration.ts'
import type { AddonOffer, DomainAction, OfferedField, OfferedItem, Prices, ProductOffer, TldOffer } from './offer.ts'

/** Whether an item can be had in a cycle: it is free, or has a price there. */
export function isOfferedIn(item: OfferedItem, cycle: Cycle): boolean {
  return !item.priced || item.prices.has(cycle)
}

/** The items of a field that an order may name. What a service has already can be named again when it is retired. */
export function itemsOfferedIn(field: OfferedField, cycle: Cycle, kept?: FieldConfig): readonly OfferedItem[] {
  return field.items.filter(item => {
    const had = kept?.[item.id] !== undefined
    return isOfferedIn(item, cycle) && (had || !(item.retired || field.retired))
  })
}

export function chargeOf(label: string, thing: { readonly prices: Prices }, cycle: Cycle, quantity = 1): Charge {
  const { priceMinor = 0n, setupMinor = 0n } = thing.prices.get(cycle) ?? {}
  return { label, quantity, unitMinor: priceMinor, setupMinor }
}

/**
 * The cycle that holds where none is asked for: the shortest that is not counted in hours, which few want without saying
 * so. Undefined: not for sale in this currency.
 */
export function defaultCycle(thing: { readonly prices: Prices }): Cycle | undefined {
  const [shortest, next] = [...thing.prices.keys()]
  return shortest === 'h' ? (next ?? shortest) : shortest
}

/** The same of what is bought with a product: the product's own where it is sold in that. */
export function extraCycle(extra: { readonly prices: Prices }, productCycle: Cycle): Cycle | undefined {
  return extra.prices.has(productCycle) ? productCycle : defaultCycle(extra)
}

/** The cycle of an order, which must be one that the thing is sold in. */
export function readCycle(thing: { readonly prices: Prices }, asked: string | undefined, field = 'cycle'): Cycle {
  const cycle = asked === undefined || asked === '' ? defaultCycle(thing) : cycles.find(each => each === asked)
  if (cycle === undefined || !thing.prices.has(cycle)) throw badField(field, 'field_format_error')
  return cycle
}

/** What a product costs in a cycle, with what was chosen about it. */
export function productCharges(product: ProductOffer, cycle: Cycle, chosen: readonly Charge[] = []): Charge[] {
  readCycle(product, cycle)
  return [chargeOf(product.name, product, cycle), ...chosen]
}

export function addonCharges(addon: AddonOffer, cycle: Cycle): Charge[] {
  readCycle(addon, cycle, `addon_cycles[${addon.id}]`)
  return [chargeOf(addon.name, addon, cycle)]
}

const actionLabels: Readonly<Record<DomainAction, string>> = {
  register: 'Registration',
  transfer: 'Transfer',
  renew: 'Renewal',
  redemption: 'Redemption',
}

/** What a number of years of a domain costs. Years that are not sold are refused by the name of the field. */
export function tldCharges(tld: TldOffer, action: DomainAction, years: number): { cycle: Cycle; charges: Charge[] } {
  const prices = tld.prices.get(action)
  if (prices === undefined) throw badField('action', 'field_format_error')
  const cycle = cycles.find(each => each === `y${years}`)
  if (cycle === undefined || !prices.has(cycle)) throw badField('years', 'field_format_error')
  const label = `${actionLabels[action]} of ${tld.name}, ${years === 1 ? '1 year' : `${years} years`}`
  return { cycle, charges: [chargeOf(label, { prices }, cycle)] }
}

/** What each later period costs, for lists: nothing where none follows. */
export function recurringMinor(thing: { readonly prices: Prices }, cycle: Cycle): bigint {
  return recurs(cycle) ? (thing.prices.get(cycle)?.priceMinor ?? 0n) : 0n
}
