import { type Cycle, type Minor, recurs, sum } from '@innkeeper/money'
import { Refusal } from '../../refusal.ts'
import { type Config, type Offers, type ProductOffer, readChoices } from '../catalog/index.ts'
import type { LockedService } from './service-store.ts'

/** Whose prices count: those of a service, or of what a change that waits makes of it. */
export type Priced = Pick<LockedService, 'kind' | 'productId' | 'addonId' | 'config'>

/** What a period of it costs in each cycle that it can be had in, before discounts. */
export function cyclePrices(thing: Priced, offers: Offers): ReadonlyMap<Cycle, Minor> {
  const product = offers.products.get(thing.productId ?? '')
  const prices = product?.prices ?? offers.addons.get(thing.addonId ?? '')?.prices ?? new Map()
  const found = new Map<Cycle, Minor>()
  for (const [cycle, { priceMinor }] of prices) {
    const chosen = product === undefined ? 0n : choicesIn(product, thing.config, cycle)
    if (recurs(cycle) && chosen !== undefined) found.set(cycle, priceMinor + chosen)
  }
  return found
}

/** What the configuration costs in a cycle; undefined where something chosen cannot be had in it. */
function choicesIn(product: ProductOffer, config: Config, cycle: Cycle): Minor | undefined {
  try {
    const { charges } = readChoices(product, undefined, cycle, { present: config })
    return sum(charges.map(({ quantity, unitMinor }) => BigInt(quantity) * unitMinor))
  } catch (error) {
    if (error instanceof Refusal) return undefined
    throw error
  }
}
