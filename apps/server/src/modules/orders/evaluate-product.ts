import type { Charge, Cycle } from '@innkeeper/money'
import { badField, Refusal } from '../../refusal.ts'
import {
  type ChosenAddon,
  type ChosenSubproduct,
  type Config,
  choicesText,
  chosenOf,
  type ProductOffer,
  productCharges,
  readAddons,
  readChoices,
  readCycle,
  readSubproducts,
} from '../catalog/index.ts'
import { lineName } from '../services/index.ts'
import type { Facts } from './facts.ts'
import { startOf } from './first-period.ts'
import { hostNameOf } from './host-name.ts'
import type { ProductLine } from './order-line.ts'
import type { Taken } from './taken.ts'
import type { Thing } from './thing.ts'

/** A product with its addons and subproducts, the product first. */
export function productThings(line: ProductLine, index: number, facts: Facts, taken: Taken): readonly Thing[] {
  const product = facts.offers.products.get(line.productId)
  // Without a category it is not in the shop: it is made by the operator, or bought with another product.
  if (product === undefined || product.retired || product.category === null) throw unknownProduct()
  const name = readHostName(product, line.hostName)
  const cycle = readCycle(product, line.cycle)
  const { config, charges } = readChoices(product, line.custom, cycle)
  const addons = readAddons(facts.offers, product, line.addons, cycle)
  const subproducts = readSubproducts(facts.offers, product, line.subproducts, cycle)
  noteStock([product, ...subproducts.map(each => each.product)], taken)
  const key = String(index)
  return [
    productThing(key, index, { product, cycle, config, charges: productCharges(product, cycle, charges) }, name, facts),
    ...addons.map(addon => addonThing(key, index, addon, product, name, facts)),
    ...subproducts.map(each => ({
      ...productThing(`${key}.product.${each.product.id}`, index, each, '', facts),
      parentKey: key,
    })),
  ]
}

function productThing(
  key: string,
  index: number,
  chosen: Pick<ChosenSubproduct, 'product' | 'cycle' | 'config' | 'charges'>,
  name: string,
  facts: Facts,
): Thing {
  const { product, cycle, config, charges } = chosen
  const billed = billedThing(key, product.name, name, cycle, product.prorataDay, charges, product.taxed, facts)
  const line = { ...billed.line, chosen: choicesText(chosenOf(product, config)) }
  return { ...billed, line, index, config, what: { kind: 'product', product } }
}

function addonThing(
  parentKey: string,
  index: number,
  { addon, cycle, charges }: ChosenAddon,
  product: ProductOffer,
  name: string,
  facts: Facts,
): Thing {
  const key = `${parentKey}.addon.${addon.id}`
  // Billed on the day of its product, so that both can stand on one invoice.
  const billed = billedThing(key, addon.name, name, cycle, product.prorataDay, charges, addon.taxed, facts)
  const line = { ...billed.line, type: 'Addon' as const }
  return { ...billed, line, index, parentKey, config: noConfig, what: { kind: 'addon', addon, product } }
}

const noConfig: Config = {}

function billedThing(
  key: string,
  title: string,
  name: string,
  cycle: Cycle,
  prorataDay: number | null,
  charges: readonly Charge[],
  taxed: boolean,
  facts: Facts,
): Pick<Thing, 'key' | 'name' | 'line' | 'period' | 'anchorDay'> {
  const { part, count, ...start } = startOf(cycle, prorataDay, facts)
  const description = lineName(title, name, start.period, facts.timeZone, count)
  const parts = { ...(part && { part }), ...(count && { count }) }
  const line = { key, type: 'Hosting' as const, description, cycle, charges, taxed, ...parts }
  return { key, name, line, ...start }
}

function readHostName(product: ProductOffer, sent: string): string {
  if (product.hostName === 'none') return ''
  if (sent.trim() === '') {
    if (product.hostName === 'required') throw badField('domain', 'field_empty_error')
    return ''
  }
  const name = hostNameOf(sent)
  if (name === undefined) throw badField('domain', 'invalid_hostname')
  return name
}

/** Looked at here so that a quote tells of it; the order takes it for good (take-stock.ts). */
function noteStock(products: readonly ProductOffer[], { stock }: Taken): void {
  for (const { id, stock: left } of products) {
    if (left !== null && (stock.get(id) ?? 0) >= left) throw outOfStock()
  }
  for (const { id } of products) stock.set(id, (stock.get(id) ?? 0) + 1)
}

export function outOfStock(): Refusal {
  return new Refusal('conflict', { also: ['out_of_stock'], fields: { product_id: ['conflict'] } })
}

function unknownProduct(): Refusal {
  return new Refusal('not_found', { fields: { product_id: ['not_found'] } })
}
