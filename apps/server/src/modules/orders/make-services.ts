import { allocate, type Cart, type Minor, type PricedCart, type PricedLine, sum } from '@innkeeper/money'
import type { Context } from '../../context.ts'
import type { Tx } from '../../db/database.ts'
import { createServices, type NewBoughtService } from '../services/index.ts'
import type { Thing, What } from './thing.ts'

/** Things that are ordered, with what they cost. */
export interface Purchase {
  readonly accountId: string
  readonly things: readonly Thing[]
  readonly cart: Cart
  readonly priced: PricedCart
  /** Of the discount code that counts. */
  readonly promoId: string | undefined
  /** Id of the order of each line, by its index. */
  readonly orderIds: ReadonlyMap<number, string>
}

/** Makes the services of an order and gives their ids by the key of the thing. What is renewed has one already. */
export async function makeServices(ctx: Context, tx: Tx, purchase: Purchase): Promise<ReadonlyMap<string, string>> {
  const made = purchase.things.filter(({ what }) => what.kind !== 'renewal')
  const places = new Map(made.map(({ key }, place) => [key, place]))
  const bought = made.map(thing => boughtOf(ctx, thing, purchase, places))
  const ids = await createServices(ctx, tx, bought)
  return new Map(
    purchase.things.map(({ key, what }) => {
      return [key, what.kind === 'renewal' ? what.domain.id : (ids[places.get(key) ?? -1] ?? '')]
    }),
  )
}

function boughtOf(
  ctx: Context,
  thing: Thing,
  { accountId, cart, priced, promoId, orderIds }: Purchase,
  places: ReadonlyMap<string, number>,
): NewBoughtService {
  const { key, name, config, period, anchorDay, line } = thing
  const hostPlace = thing.parentKey === undefined ? undefined : places.get(thing.parentKey)
  const orderId = orderIds.get(thing.index)
  const { promo } = cart
  const keeps = promo?.recurring === true && promo.appliesTo.has(key) && promoId !== undefined
  return {
    ...{ accountId, name, config, anchorDay },
    ...idOf(thing.what, name),
    ...(hostPlace === undefined ? {} : { hostPlace }),
    ...(orderId === undefined ? {} : { orderId }),
    ...(keeps ? { promo: { id: promoId, discount: promo.discount } } : {}),
    currency: priced.currency.code,
    cycle: line.cycle,
    priceMinor: priced.periodMinor.get(key) ?? 0n,
    firstPaymentMinor: atLeastNothing(sum(linesOf(priced, key).map(each => each.amountMinor))),
    startsAt: period?.startsAt ?? ctx.business.now(),
  }
}

function idOf(what: What, name: string): Pick<NewBoughtService, 'productId' | 'addonId' | 'tldId' | 'domain'> {
  if (what.kind === 'product') return { productId: what.product.id }
  if (what.kind === 'addon') return { addonId: what.addon.id }
  if (what.kind === 'renewal') return { tldId: what.tld.id }
  const { action, eppCode } = what
  return { tldId: what.tld.id, domain: { name, action, ...(eppCode === '' ? {} : { eppCode }) } }
}

export function linesOf(priced: PricedCart, key: string): readonly PricedLine[] {
  return priced.lines.filter(line => line.key === key)
}

/** What the first period costs: after discounts, before tax, and without the setup, which nobody gets back. */
export function periodNet(lines: readonly PricedLine[], discountWithSetup: boolean): Minor {
  const netOf = (role: PricedLine['role']) => sum(lines.filter(line => line.role === role).map(line => line.netMinor))
  const item = netOf('item')
  const discount = netOf('discount')
  const [ofItem = 0n] = discountWithSetup ? allocate(discount, [item, netOf('setup')]) : [discount]
  return atLeastNothing(item + ofItem)
}

/** The shares of tax of two lines that cancel each other out can differ by one, so that what was given away costs -0.01. */
function atLeastNothing(net: Minor): Minor {
  return net > 0n ? net : 0n
}
