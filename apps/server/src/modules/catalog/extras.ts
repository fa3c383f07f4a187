import type { Charge, Cycle } from '@innkeeper/money'
import { addonCharges, extraCycle, productCharges } from './charges.ts'
import { type Choices, readChoices } from './choices.ts'
import type { AddonOffer, Offers, Prices, ProductOffer } from './offer.ts'
import { branches, readSwitch } from './tree.ts'
import { refuseWrong, type WrongFields } from './wrong-fields.ts'

export interface ChosenAddon {
  readonly addon: AddonOffer
  readonly cycle: Cycle
  readonly charges: readonly Charge[]
}
export interface ChosenSubproduct extends Choices {
  readonly product: ProductOffer
  readonly cycle: Cycle
}

/** What clients send about things that are bought with a product: which, and in what cycles. */
export interface Extras {
  readonly chosen: unknown
  readonly cycles: unknown
}

/** Reads `addon` and `addon_cycles` of an order. Without a cycle of its own an addon takes that of the product. */
export function readAddons(offers: Offers, product: ProductOffer, extras: Extras, cycle: Cycle): ChosenAddon[] {
  const offered = thingsOf(product.addonIds, offers.addons)
  return readExtras('addon', 'addon_cycles', offered, extras, cycle).map(({ thing, cycle: own }) => ({
    addon: thing,
    cycle: own,
    charges: addonCharges(thing, own),
  }))
}

/** Reads `subproducts` and `subproducts_cycles` of an order; each is bought with the defaults of its form. */
export function readSubproducts(
  offers: Offers,
  product: ProductOffer,
  extras: Extras,
  cycle: Cycle,
): ChosenSubproduct[] {
  const offered = thingsOf(product.subproductIds, offers.products)
  return readExtras('subproducts', 'subproducts_cycles', offered, extras, cycle).map(({ thing, cycle: own }) => {
    const { config, charges } = readChoices(thing, undefined, own)
    return { product: thing, cycle: own, config, charges: productCharges(thing, own, charges) }
  })
}

function thingsOf<Thing>(ids: readonly string[], all: ReadonlyMap<string, Thing>): ReadonlyMap<string, Thing> {
  return new Map(
    ids.flatMap(id => {
      const thing = all.get(id)
      return thing === undefined ? [] : [[id, thing]]
    }),
  )
}

function readExtras<Thing extends { readonly prices: Prices }>(
  name: string,
  cyclesName: string,
  offered: ReadonlyMap<string, Thing>,
  extras: Extras,
  productCycle: Cycle,
): { thing: Thing; cycle: Cycle }[] {
  const wrong: WrongFields = new Map()
  const chosen = branches(extras.chosen)
  const asked = branches(extras.cycles)
  if (chosen === undefined) wrong.set(name, 'field_format_error')
  if (asked === undefined) wrong.set(cyclesName, 'field_format_error')
  const cycles = new Map(asked)
  for (const id of cycles.keys()) if (!offered.has(id)) wrong.set(`${cyclesName}[${id}]`, 'field_format_error')
  const read = (chosen ?? []).flatMap(([id, value]) => {
    const thing = offered.get(id)
    const on = readSwitch(value, id)
    if (thing === undefined || on === undefined) wrong.set(`${name}[${id}]`, 'field_format_error')
    if (thing === undefined || on !== true) return []
    const cycle = cycleOf(thing, cycles.get(id), productCycle)
    if (cycle === undefined) wrong.set(`${cyclesName}[${id}]`, 'field_format_error')
    return cycle === undefined ? [] : [{ thing, cycle }]
  })
  refuseWrong(wrong)
  return read
}

function cycleOf(extra: { readonly prices: Prices }, asked: unknown, productCycle: Cycle): Cycle | undefined {
  if (asked === undefined || asked === null || asked === '') return extraCycle(extra, productCycle)
  return [...extra.prices.keys()].find(cycle => cycle === asked)
}
