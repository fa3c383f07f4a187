import type { Contract, ReplyOf } from '@innkeeper/contract'
import { amountNumber, type Currency, type Cycle, recurs } from '@innkeeper/money'
import type { FieldConfig } from './configuration.ts'
import type { OfferedField, OfferedItem, ProductOffer } from './offer.ts'
import { presetOf } from './read-field.ts'

type WireField = ReplyOf<Contract['cart']['getProduct']>['product']['config']['forms'][number]

interface Shown {
  readonly cycle: Cycle
  readonly currency: Currency
  readonly prorataDate: string | null
}

/** The fields of a form that can be answered in this currency, each with what holds unless something else is chosen. */
export function wireForm(product: ProductOffer, shown: Shown): WireField[] {
  return product.form.flatMap(field => {
    const items = field.items.filter(item => !item.retired && (!item.priced || item.prices.size > 0))
    return field.retired || items.length === 0 ? [] : [wireField(field, items, shown)]
  })
}

function wireField(field: OfferedField, items: readonly OfferedItem[], shown: Shown): WireField {
  const { cycle, currency, prorataDate } = shown
  const preset = presetOf(field, items) ?? {}
  const oneOf = field.type === 'select' || field.type === 'radio'
  const firstId = items[0]?.id ?? '0'
  const cost = costOf(items, preset, cycle)
  return {
    type: field.type,
    title: field.title,
    id: field.id,
    firstItemId: Number(firstId),
    description: field.description,
    name: oneOf ? `custom[${field.id}]` : `custom[${field.id}][${firstId}]`,
    required: field.required,
    multiple: false,
    config: { conditionals: [], ...field.config, ...limitsOf(field) },
    value: oneOf ? Object.keys(preset).map(Number) : Object.values(preset),
    textvalue: [],
    price: amountNumber(cost.price, currency),
    recurring_price: amountNumber(recurs(cycle) ? cost.price : 0n, currency),
    setup: amountNumber(cost.setup, currency),
    prorata_date: prorataDate,
    items: items.map(item => wireItem(item, preset, cycle, currency)),
  }
}

function wireItem(item: OfferedItem, preset: FieldConfig, cycle: Cycle, currency: Currency) {
  // An item of other cycles only shows the price of the first of them.
  const { priceMinor = 0n, setupMinor = 0n } = item.prices.get(cycle) ?? item.prices.values().next().value ?? {}
  return {
    title: item.title,
    value: 1,
    id: Number(item.id),
    price: amountNumber(priceMinor, currency),
    setup: amountNumber(setupMinor, currency),
    selected: preset[item.id] !== undefined,
  }
}

function costOf(items: readonly OfferedItem[], preset: FieldConfig, cycle: Cycle) {
  let price = 0n
  let setup = 0n
  for (const item of items) {
    const quantity = BigInt(preset[item.id] ?? 0)
    price += quantity * (item.prices.get(cycle)?.priceMinor ?? 0n)
    setup += quantity * (item.prices.get(cycle)?.setupMinor ?? 0n)
  }
  return { price, setup }
}

function limitsOf({ type, minimum, maximum, step }: OfferedField) {
  if (type !== 'qty' && type !== 'slider') return {}
  return { minvalue: minimum, ...(maximum === null ? {} : { maxvalue: maximum }), step }
}
