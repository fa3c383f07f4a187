import { allocate, type Minor, type PricedCart, priceCart, sum } from '@innkeeper/money'
import type { SignedInContext } from '../../context.ts'
import type { Tx } from '../../db/database.ts'
import { locks } from '../../db/locks.ts'
import { Refusal } from '../../refusal.ts'
import { audit } from '../audit/index.ts'
import { lockAccount, refuseParked } from '../billing/index.ts'
import { takePromo, targetsOf } from '../catalog/index.ts'
import { insertOrders, type NewOrder, type PlacedOrder } from '../services/index.ts'
import { billPurchase } from './bill-purchase.ts'
import { mustAfford } from './by-credit.ts'
import { cartOf } from './cart-of.ts'
import { evaluate } from './evaluate.ts'
import { type CartRequest, type Facts, loadFacts, newNames } from './facts.ts'
import { makeServices, type Purchase } from './make-services.ts'
import { mustBeRight, type Strictness } from './must-be-right.ts'
import type { RejectedLine } from './order-line.ts'
import { lockNames } from './store.ts'
import { takeStockFor } from './take-stock.ts'
import { promoLineOf, type Thing } from './thing.ts'

export interface OrderRequest extends CartRequest {
  /** Who brought the buyer. */
  readonly affiliateId?: string | undefined
  /** Leaves out lines that cannot be ordered; otherwise one of them refuses them all. */
  readonly ignoreErrors: boolean
  readonly refusalOf: Strictness['refusalOf']
}

/** What became of an order. */
export interface Placed {
  /** One for each line that was taken, in their order. */
  readonly orders: readonly PlacedOrder[]
  /** Null: there is nothing to pay. */
  readonly invoiceId: string | null
  readonly priced: PricedCart
  readonly bought: readonly Bought[]
  readonly rejected: readonly RejectedLine[]
}
/** A thing with the service that it is now, or that it renews. */
export interface Bought {
  readonly thing: Thing
  readonly serviceId: string
}

/**
 * Places an order: services to come, their first periods, the invoice, all or nothing, in as many statements for many
 * lines as for one. What others wait for is taken as late as can be, the number of the invoice after all else.
 */
export async function placeOrder(ctx: SignedInContext, request: OrderRequest): Promise<Placed> {
  const { accountId } = ctx.identity
  const tx = await ctx.begin()
  const locked = await lockAccount(tx, accountId)
  refuseParked(locked)
  await lockNames(tx, newNames(request.lines), locks.domainNames)
  const facts = await loadFacts(ctx, tx, request)
  const asked = evaluate(request.lines, facts)
  const strictness = { lines: request.ignoreErrors ? 'some' : 'all', refusalOf: request.refusalOf } as const
  mustBeRight(asked, facts, strictness)
  const { things, rejected } = await takeStockFor(tx, asked)
  mustBeRight({ things, rejected }, facts, strictness)

  const cart = cartOf(things, facts)
  const priced = priceCart(cart)
  mustAfford(facts, priced)
  const indexes = [...new Set(things.map(thing => thing.index))]
  const wanted = ordersOf(request, indexes, things, facts, priced)
  mustHaveRoom(ctx, facts, wanted)
  const orders = await insertOrders(
    tx,
    wanted.map(order => ({ ...order, accountId })),
    ctx.business.now(),
  )
  const orderIds = new Map(orders.map(({ id }, position) => [indexes[position] ?? 0, id]))
  const purchase: Purchase = { accountId, things, cart, priced, promoId: facts.promo?.id, orderIds }
  const serviceIds = await makeServices(ctx, tx, purchase)
  if (facts.promo !== undefined) {
    const targetIds = wanted.flatMap(order => order.promoTargetIds)
    await takePromo(tx, { promoId: facts.promo.id, accountId, targetIds })
  }
  await noteOrders(ctx, tx, orders, priced)
  const invoiceId = await billPurchase(ctx, tx, purchase, serviceIds, locked, facts.method)
  const bought = things.map(thing => ({ thing, serviceId: serviceIds.get(thing.key) ?? '' }))
  return { orders, invoiceId, priced, bought, rejected }
}

/** Counted under the lock of the account, so that orders sent at once do not pass the limit together. */
function mustHaveRoom(
  { config }: SignedInContext,
  { account }: Facts,
  wanted: readonly Pick<NewOrder, 'status'>[],
): void {
  const { maxOpenOrders } = config.billing
  const opened = wanted.filter(({ status }) => status === 'Pending').length
  if (maxOpenOrders > 0 && opened > 0 && account.openOrders + opened > maxOpenOrders)
    throw new Refusal('conflict', { also: ['open_orders'] })
}

/** An order for each line. */
function ordersOf(
  { affiliateId }: OrderRequest,
  indexes: readonly number[],
  things: readonly Thing[],
  { promo, method }: Facts,
  priced: PricedCart,
): Omit<NewOrder, 'accountId'>[] {
  const totals = orderTotals(indexes, things, priced)
  const targets = promo && targetsOf(promo, things.map(promoLineOf))
  return indexes.map((index, position) => {
    const own = things.filter(thing => thing.index === index)
    const manual = own.some(({ what }) => 'product' in what && what.product.provisionOn === 'manual')
    return {
      kind: 'order',
      // What costs nothing needs no payment; staff still have the word where they want it.
      status: priced.totalMinor === 0n && !manual ? 'Active' : 'Pending',
      // Counted once for the whole cart, so it is given back once.
      promoId: position === 0 ? (promo?.id ?? null) : null,
      promoTargetIds: own.flatMap(({ key }) => targets?.get(key) ?? []),
      affiliateId: affiliateId ?? null,
      paymentMethodId: method?.id ?? null,
      currency: priced.currency.code,
      totalMinor: totals[position] ?? 0n,
    }
  })
}

/** What each order costs with tax: these sum to the invoice. The first bears the payment fee. */
function orderTotals(indexes: readonly number[], things: readonly Thing[], priced: PricedCart): Minor[] {
  const indexOf = new Map(things.map(thing => [thing.key, thing.index]))
  const grossOf = (index: number) =>
    sum(
      priced.lines
        .filter(line => (indexOf.get(line.key) ?? indexes[0]) === index)
        .map(line => line.netMinor + line.taxMinor),
    )
  // The tax shares of an item and its discount can differ by one, so that what was given away costs -0.01.
  const weights = indexes.map(grossOf).map(gross => (gross > 0n ? gross : 0n))
  return allocate(priced.totalMinor, weights)
}

async function noteOrders(
  ctx: SignedInContext,
  tx: Tx,
  orders: readonly PlacedOrder[],
  { totalMinor, currency }: PricedCart,
): Promise<void> {
  const numbers = orders.map(order => order.number)
  await audit(ctx, tx, {
    event: 'order.place',
    description: `Order ${numbers.join(', ')} placed`,
    detail: { orders: numbers, total_minor: String(totalMinor), currency: currency.code },
    accountId: ctx.identity.accountId,
  })
}
