import { divideHalfUp, least, type Minor, percentOf, sum } from './amount.ts'
import type { Cart, CartLine, Part, PaymentFee, PricedCart, PricedLine, Promo } from './cart.ts'
import { type Cycle, recurs } from './cycle.ts'
import { grossOf, type TaxedLine, taxLines } from './tax-lines.ts'

/** A line before tax is shared out. */
type DraftLine = Omit<PricedLine, 'netMinor' | 'taxMinor'>

/**
 * The one pricing function: what a cart costs, as the lines of a document. Of the same cart it makes the same figures,
 * whether they are quoted, ordered or billed. Taxes are rounded once for each rate, on the document's total.
 */
export function priceCart(cart: Cart): PricedCart {
  const items = cart.lines.flatMap(line => draftsOf(line, cart))
  const drafts = [...items, ...feeLines(cart.fee, sum(items.map(line => line.amountMinor)))]
  const { groups, netMinors, taxMinors } = taxLines(drafts, cart.tax)
  const lines = drafts.map((draft, index) => ({
    ...draft,
    netMinor: netMinors[index] ?? 0n,
    taxMinor: taxMinors[index] ?? 0n,
  }))
  const subtotalMinor = sum(lines.map(line => line.netMinor))
  const taxOf = (level: 1 | 2) => sum(groups.filter(group => group.level === level).map(group => group.taxMinor))
  const [taxMinor, tax2Minor] = [taxOf(1), taxOf(2)]
  return {
    currency: cart.currency,
    lines,
    subtotalMinor,
    discountMinor: -sum(lines.filter(line => line.role === 'discount').map(line => line.netMinor)),
    groups,
    taxMinor,
    tax2Minor,
    totalMinor: subtotalMinor + taxMinor + tax2Minor,
    recurring: recurringOf(cart),
    periodMinor: new Map(cart.lines.map(line => [line.key, periodPrice(laterCharges(line))])),
  }
}

function laterCharges({ charges, laterCharges: later = charges }: CartLine): CartLine['charges'] {
  return later
}

/** What a whole period costs, before discounts and tax. */
function periodPrice(charges: CartLine['charges']): Minor {
  return sum(charges.map(({ quantity, unitMinor }) => BigInt(quantity) * unitMinor))
}

function draftsOf(line: CartLine, { promo, tax }: Cart): DraftLine[] {
  const { key, type, description, itemId = '0', taxed } = line
  const draft = (role: DraftLine['role'], amountMinor: Minor, more: Partial<DraftLine> = {}): DraftLine => ({
    ...{ key, role, type, itemId, description, quantity: 1, unitMinor: amountMinor, amountMinor, taxed },
    ...more,
  })
  const price = periodPrice(line.charges)
  const { part } = line
  const amount = part === undefined ? price : divideHalfUp(price * BigInt(part.numerator), BigInt(part.denominator))
  const setup = sum(line.charges.map(({ quantity, setupMinor }) => BigInt(quantity) * setupMinor))
  const discount = discountOf(promo, key, amount, setup, part)
  // What is left of a replaced period was billed before tax; beside prices that hold it, it has to hold it too.
  const given = tax.inclusive && taxed ? grossOf(line.creditMinor ?? 0n, tax) : (line.creditMinor ?? 0n)
  const credit = least(given, max(0n, amount - discount))
  const chosen = line.chosen ? { description: `${description}, ${line.chosen}` } : {}
  const drafts = [draft('item', amount, { ...chosen, ...counted(amount, line.count) })]
  if (setup > 0n) drafts.push(draft('setup', setup, { description: `${description}: setup` }))
  if (discount > 0n)
    drafts.push(draft('discount', -discount, { type: 'Discount', description: `${promo?.code}: ${description}` }))
  if (credit > 0n)
    drafts.push(
      draft('credit', -credit, { type: 'Credit', description: `Unused time of ${line.creditOf ?? description}` }),
    )
  return drafts
}

/** Nothing where a document with three decimals could not say it, or would say another amount. */
function counted(amount: Minor, count: Part | undefined): Partial<DraftLine> {
  if (count === undefined || count.numerator === 0 || 1000 % count.denominator !== 0) return {}
  const [numerator, all] = [BigInt(count.numerator), amount * BigInt(count.denominator)]
  if (all % numerator !== 0n) return {}
  return { quantity: count.numerator / count.denominator, unitMinor: all / numerator }
}

function discountOf(promo: Promo | undefined, key: string, amount: Minor, setup: Minor, part?: Part): Minor {
  if (promo === undefined || !promo.appliesTo.has(key)) return 0n
  const base = promo.withSetup ? amount + setup : amount
  const { discount, recurring } = promo
  if ('percent' in discount) return percentOf(base, discount.percent)
  return least(recurring ? ofEach(discount.amountMinor, part) : discount.amountMinor, base)
}

/** An amount off every period is off each of several that are billed at once. */
function ofEach(amount: Minor, part: Part = { numerator: 1, denominator: 1 }): Minor {
  const { numerator, denominator } = part
  return numerator <= denominator ? amount : divideHalfUp(amount * BigInt(numerator), BigInt(denominator))
}

function feeLines(fee: PaymentFee | undefined, base: Minor): DraftLine[] {
  if (fee === undefined || base <= 0n) return []
  const amountMinor = fee.fixedMinor + percentOf(base, fee.percent)
  if (amountMinor === 0n) return []
  return [
    {
      ...{ key: '', role: 'fee', type: 'Other', itemId: '-2', description: `${fee.name} payment fee` },
      ...{ quantity: 1, unitMinor: amountMinor, amountMinor, taxed: true },
    },
  ]
}

/** What each later period costs, with tax, by cycle; fees of paying are left out, as nobody knows how it will be paid. */
function recurringOf({ lines, promo, tax }: Cart): PricedCart['recurring'] {
  const byCycle = new Map<Cycle, TaxedLine[]>()
  for (const line of lines.filter(({ cycle }) => recurs(cycle))) {
    const price = periodPrice(laterCharges(line))
    const discount = promo?.recurring === true ? discountOf(promo, line.key, price, 0n) : 0n
    const taxed = { amountMinor: price - discount, taxed: line.taxed }
    byCycle.set(line.cycle, [...(byCycle.get(line.cycle) ?? []), taxed])
  }
  return [...byCycle].map(([cycle, list]) => {
    const { netMinors, taxMinors } = taxLines(list, tax)
    return { cycle, totalMinor: sum([...netMinors, ...taxMinors]) }
  })
}

function max(a: Minor, b: Minor): Minor {
  return a > b ? a : b
}
