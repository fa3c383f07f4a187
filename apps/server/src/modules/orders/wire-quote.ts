import type { Contract, ReplyOf } from '@innkeeper/contract'
import {
  amountNumber,
  type Charge,
  type Currency,
  type Cycle,
  cycleNames,
  formatAmount,
  monthsOf,
  type PricedCart,
  sum,
} from '@innkeeper/money'
import { choiceNames, chosenOf } from '../catalog/index.ts'
import type { RejectedLine } from './order-line.ts'
import type { Quoted } from './quote-cart.ts'
import type { Thing } from './thing.ts'

type Reply = ReplyOf<Contract['cart']['quote']>
type Item = NonNullable<Reply['items']>[number]
type Config = NonNullable<Reply['config']>[number]

/** The sums of a quote. */
export function wireSummary({ priced, creditMinor }: Quoted): Reply['summary'] {
  const { currency } = priced
  const amount = (minor: bigint) => amountNumber(minor, currency)
  return {
    subtotal: amount(priced.subtotalMinor),
    total: amount(priced.totalMinor),
    credit: amount(creditMinor),
    discount: amount(priced.discountMinor),
    cost: amount(priced.subtotalMinor + priced.discountMinor),
    recurring: wireRecurring(priced),
    tax: wireTaxes(priced),
  }
}

function wireRecurring({ recurring, currency }: PricedCart): Reply['summary']['recurring'] {
  const byCode = new Map<string, bigint>()
  for (const { cycle, totalMinor } of recurring) {
    const code = wireCycle(cycle)
    byCode.set(code, (byCode.get(code) ?? 0n) + totalMinor)
  }
  return [...byCode].map(([value, minor]) => ({
    title: cycleTitle(value),
    price: amountNumber(minor, currency),
    value,
  }))
}

/** A domain of one year is paid annually: lists show years as the cycles of products where there is one as long. */
function wireCycle(cycle: Cycle): string {
  const asLong = Object.keys(cycleNames).find(
    code => cycle.startsWith('y') && monthsOf(code as Cycle) === monthsOf(cycle), // keys of cycleNames are cycles
  )
  return asLong ?? cycle
}

function cycleTitle(code: string): string {
  const names: Readonly<Record<string, string>> = cycleNames
  return names[code] ?? `${code.slice(1)} Years`
}

/** One entry for each tax, whatever it was charged on. What is not taxed is not listed. */
function wireTaxes({ groups, currency }: PricedCart): Reply['summary']['tax'] {
  const taxes = new Map<string, { name: string; percent: number; taxMinor: bigint }>()
  for (const { name, percent, taxMinor } of groups) {
    if (percent === 0) continue
    const key = `${name} ${percent}`
    const known = taxes.get(key) ?? { name, percent, taxMinor: 0n }
    taxes.set(key, { ...known, taxMinor: known.taxMinor + taxMinor })
  }
  return [...taxes.values()].map(({ name, percent, taxMinor }) => ({
    name,
    tax: amountNumber(taxMinor, currency),
    value: percent / 1000,
  }))
}

/** The lines in the order they were sent, also those that cannot be ordered. */
export function wireItems(quoted: Quoted): Item[] {
  return byLine<Item>(
    quoted,
    (index, things) => {
      const [first] = things
      const { promo } = quoted.cart
      const discounted = promo !== undefined && things.some(thing => promo.appliesTo.has(thing.key))
      return {
        product: first === undefined ? null : wireProduct(first),
        domains: first === undefined ? {} : wireDomains(first, quoted.priced.currency),
        coupon: discounted ? { code: promo.code } : {},
        ...{ index, valid: true, info: first === undefined ? [] : choicesOf(first), error: [] },
      }
    },
    ({ index, refusal }) => ({
      ...{ product: null, domains: {}, coupon: {}, index, valid: false, info: [] },
      error: [refusal.code, ...(refusal.detail.also ?? [])],
    }),
  )
}

/** What each line has chosen. */
export function wireConfig(quoted: Quoted): Config[] {
  const { currency } = quoted.priced
  return byLine<Config>(
    quoted,
    (index, [first, ...others]) => ({
      ...{ index, valid: true },
      cycle: first?.line.cycle ?? '',
      custom: Object.fromEntries(Object.entries(first?.config ?? {}).map(([field, chosen]) => [field, { ...chosen }])),
      charges: (first?.line.charges ?? []).map(charge => wireCharge(charge, currency)),
      addons: others.map(({ what, line }) => ({
        id: 'addon' in what ? what.addon.id : 'product' in what ? what.product.id : '',
        name: 'addon' in what ? what.addon.name : 'product' in what ? what.product.name : '',
        cycle: line.cycle,
        charges: line.charges.map(charge => wireCharge(charge, currency)),
      })),
    }),
    ({ index }) => ({ index, valid: false, cycle: '', custom: {}, charges: [], addons: [] }),
  )
}

function byLine<Wire extends { readonly index: number }>(
  { things, rejected }: Quoted,
  valid: (index: number, things: readonly Thing[]) => Wire,
  invalid: (rejected: RejectedLine) => Wire,
): Wire[] {
  const indexes = [...new Set(things.map(thing => thing.index))]
  const lines = indexes.map(index =>
    valid(
      index,
      things.filter(thing => thing.index === index),
    ),
  )
  return [...lines, ...rejected.map(invalid)].sort((a, b) => a.index - b.index)
}

function wireProduct({ what, name }: Thing): Item['product'] {
  if (what.kind !== 'product') return null
  const { id, category, name: title } = what.product
  return {
    id: Number(id),
    category_name: category?.name ?? '',
    category_id: Number(category?.id ?? 0),
    name: title,
    domain: name,
  }
}

function choicesOf({ what, config }: Thing): string[] {
  return what.kind === 'product' ? choiceNames(chosenOf(what.product, config)) : []
}

function wireDomains({ what, name, line }: Thing, currency: Currency): Item['domains'] {
  if (what.kind !== 'domain' && what.kind !== 'renewal') return {}
  const { tld } = what
  const domain = {
    ...{ id: Number(tld.id), index: 0, category_id: tld.category?.id ?? '0', category_name: tld.category?.name ?? '' },
    ...{ name, tld: tld.name, period: Number(line.cycle.slice(1)) },
    price: formatAmount(sum(line.charges.map(({ quantity, unitMinor }) => BigInt(quantity) * unitMinor)), currency),
  }
  return { [name]: domain }
}

function wireCharge({ label, quantity, unitMinor, setupMinor }: Charge, currency: Currency): Config['charges'][number] {
  return {
    ...{ title: label, quantity },
    price: amountNumber(unitMinor, currency),
    setup: amountNumber(setupMinor, currency),
  }
}
