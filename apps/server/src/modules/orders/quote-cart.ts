import { type Cart, type Minor, type PricedCart, priceCart } from '@innkeeper/money'
import type { SignedInContext } from '../../context.ts'
import { creditFor } from './by-credit.ts'
import { cartOf } from './cart-of.ts'
import { evaluate } from './evaluate.ts'
import { type CartRequest, loadFacts } from './facts.ts'
import { mustBeRight, type Strictness } from './must-be-right.ts'
import type { RejectedLine } from './order-line.ts'
import type { Thing } from './thing.ts'

/** What an order would come to. */
export interface Quoted {
  readonly things: readonly Thing[]
  readonly rejected: readonly RejectedLine[]
  readonly cart: Cart
  readonly priced: PricedCart
  /** What of the total the account's credit would pay. */
  readonly creditMinor: Minor
}

/** Computes an order without placing it: the same cart, and so the same figures, unless something changes in between. */
export async function quoteCart(
  ctx: SignedInContext,
  request: CartRequest,
  refusalOf: Strictness['refusalOf'] = ({ refusal }) => refusal,
): Promise<Quoted> {
  const facts = await loadFacts(ctx, ctx.db, request)
  const evaluated = evaluate(request.lines, facts)
  const { things, rejected } = evaluated
  mustBeRight(evaluated, facts, { lines: 'shown', refusalOf })
  const cart = cartOf(things, facts)
  const priced = priceCart(cart)
  return { things, rejected, cart, priced, creditMinor: creditFor(facts, priced) }
}
