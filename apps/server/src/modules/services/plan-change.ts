import { type Cycle, cycleNames, cycles, type Minor, sum } from '@innkeeper/money'
import { badField, Refusal } from '../../refusal.ts'
import {
  type Choices,
  type Config,
  choicesText,
  chosenOf,
  configCharges,
  type Had,
  type OfferedField,
  type Offers,
  type ProductOffer,
  productCharges,
  readChoices,
} from '../catalog/index.ts'
import type { ServiceConfig } from './bought.ts'
import type { NewPrice } from './price-change.ts'
import type { LockedService } from './service-store.ts'

/** What a customer asks a service to become; what is left out stays. */
export interface ChangeRequest {
  readonly resources?: unknown
  readonly packageId?: string | undefined
  readonly cycle?: string | undefined
}

/** One thing that changes, for people. */
export interface PlannedItem {
  readonly name: string
  readonly from: string
  readonly to: string
  readonly priceMinor: Minor
}

export interface Plan extends NewPrice {
  readonly config: ServiceConfig
  readonly items: readonly PlannedItem[]
}

/** Reads what is asked against what is on offer for the service, and says what it then is and costs. */
export function planChange(service: LockedService, offers: Offers, request: ChangeRequest): Plan {
  const present = offers.products.get(service.productId ?? '')
  if (present === undefined) throw new Refusal('conflict', { also: [service.kind] })
  const target = targetOf(present, offers, request.packageId)
  const cycle = cycleOf(service, target, request.cycle)
  const before = target === present ? service.config : carriedOver(present, service.config, target)
  const had = target === present ? { present: before } : { carried: before }
  const read = readResources(target, request.resources, cycle, had)
  // Fields that came to the form since are not chosen by leaving them out.
  const config = target === present ? only(read.config, { ...before, ...sentFields(request.resources) }) : read.config
  const charges = configCharges(target, config, cycle)
  const items: PlannedItem[] = target.form.flatMap(field => changed(field, before, config, cycle) ?? [])
  const priceMinor = sum(
    productCharges(target, cycle, charges).map(({ quantity, unitMinor }) => BigInt(quantity) * unitMinor),
  )
  if (cycle !== service.cycle)
    items.unshift({ name: 'Billing cycle', from: cycleName(service.cycle), to: cycleName(cycle), priceMinor })
  if (target !== present) {
    const own = target.prices.get(cycle)?.priceMinor ?? 0n
    items.unshift({ name: 'Product', from: present.name, to: target.name, priceMinor: own })
  }
  return {
    productId: target.id,
    title: target.name,
    chosen: choicesText(chosenOf(target, config)),
    taxed: target.taxed,
    cycle,
    priceMinor,
    setupMinor: setupOf(target, target !== present, before, config, cycle),
    config,
    items,
  }
}

function only(config: Config, fields: object): Config {
  return Object.fromEntries(Object.entries(config).filter(([id]) => Object.hasOwn(fields, id)))
}

function sentFields(resources: unknown): object {
  return typeof resources === 'object' && resources !== null ? resources : {}
}

function targetOf(present: ProductOffer, offers: Offers, packageId: string | undefined): ProductOffer {
  if (packageId === undefined || packageId === present.id) return present
  const target = present.upgradeIds.includes(packageId) ? offers.products.get(packageId) : undefined
  if (target === undefined) throw badField('package', 'field_format_error')
  return target
}

/** A cycle is kept unless another is asked for; what is billed by the period never stops to be. */
function cycleOf(service: LockedService, target: ProductOffer, asked: string | undefined): Cycle {
  const cycle = asked === undefined || asked === '' ? service.cycle : cycles.find(each => each === asked)
  if (cycle === undefined || !target.prices.has(cycle)) throw badField('cycle', 'field_format_error')
  const oneTime = cycle === 'Once' || cycle === 'Free'
  if (oneTime && cycle !== service.cycle) throw badField('cycle', 'field_format_error')
  return cycle
}

/** The fields of a form are refused by the name that they have here. */
function readResources(target: ProductOffer, resources: unknown, cycle: Cycle, had: Had): Choices {
  try {
    return readChoices(target, resources, cycle, had)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    const rename = (name: string) => name.replace(/^custom/, 'resources')
    const { also, fields } = error.detail
    throw new Refusal(error.code, {
      ...(also === undefined ? {} : { also: also.map(rename) }),
      ...(fields === undefined
        ? {}
        : { fields: Object.fromEntries(Object.entries(fields).map(([name, codes]) => [rename(name), codes])) }),
    })
  }
}

/** What was chosen about one product, about another: fields and items that have the same keys mean the same. */
function carriedOver(from: ProductOffer, config: Config, to: ProductOffer): Config {
  const carried: Record<string, Record<string, number | string>> = {}
  for (const field of from.form) {
    const same = to.form.find(each => each.key === field.key && each.type === field.type && !each.retired)
    for (const [itemId, value] of Object.entries(config[field.id] ?? {})) {
      const key = field.items.find(each => each.id === itemId)?.key
      const item = same?.items.find(each => (each.key === key || same.items.length === 1) && !each.retired)
      if (same !== undefined && item !== undefined) carried[same.id] = { [item.id]: value }
    }
  }
  return carried
}

function changed(field: OfferedField, before: Config, after: Config, cycle: Cycle): PlannedItem | undefined {
  const [from, to] = [shown(field, before), shown(field, after)]
  if (from === to) return undefined
  const priceMinor = sum(
    field.items.map(item => BigInt(countOf(after[field.id]?.[item.id])) * (item.prices.get(cycle)?.priceMinor ?? 0n)),
  )
  return { name: field.title, from, to, priceMinor }
}

/** A choice as people read it; empty where nothing is chosen. */
function shown(field: OfferedField, config: Config): string {
  const [chosen] = Object.entries(config[field.id] ?? {})
  if (chosen === undefined) return field.type === 'qty' || field.type === 'slider' ? '0' : ''
  const [itemId, value] = chosen
  if (field.type !== 'select' && field.type !== 'radio' && field.type !== 'checkbox') return String(value)
  return field.items.find(item => item.id === itemId)?.title ?? ''
}

/** The setup of a change that waits, in another cycle: it is once paid in the cycle that the change comes with. */
export function setupIn(
  cycle: Cycle,
  { productId, config }: Pick<LockedService, 'productId' | 'config'>,
  to: Pick<LockedService, 'productId' | 'config'>,
  offers: Offers,
): Minor {
  const [present, target] = [offers.products.get(productId ?? ''), offers.products.get(to.productId ?? '')]
  if (target === undefined) return 0n
  const isNew = target !== present
  const before = isNew ? (present === undefined ? {} : carriedOver(present, config, target)) : config
  return setupOf(target, isNew, before, to.config, cycle)
}

/** Setup is paid for what is new: another product, a choice not had before, more of something. */
function setupOf(target: ProductOffer, isNew: boolean, before: Config, after: Config, cycle: Cycle): Minor {
  const ofItems = target.form.flatMap(field =>
    field.items.map(item => {
      const more = countOf(after[field.id]?.[item.id]) - countOf(before[field.id]?.[item.id])
      return more > 0 ? BigInt(more) * (item.prices.get(cycle)?.setupMinor ?? 0n) : 0n
    }),
  )
  return sum(ofItems) + (isNew ? (target.prices.get(cycle)?.setupMinor ?? 0n) : 0n)
}

function countOf(chosen: number | string | undefined): number {
  if (chosen === undefined) return 0
  return typeof chosen === 'number' ? chosen : 1
}

function cycleName(cycle: Cycle): string {
  return cycle in cycleNames ? cycleNames[cycle as keyof typeof cycleNames] : cycle // checked on the left
}
