import { Refusal } from '../../refusal.ts'
import { promoIn } from './cart-of.ts'
import type { Evaluated } from './evaluate.ts'
import { type Facts, noSuchPromo } from './facts.ts'
import type { RejectedLine } from './order-line.ts'

export interface Strictness {
  /** Lines that cannot be ordered refuse the request; or only if no other is left; or they are only shown. */
  readonly lines: 'all' | 'some' | 'shown'
  /** What such a line refuses the whole request with, together with the others. */
  refusalOf(rejected: RejectedLine): Refusal
}

/**
 * Refuses what cannot be had, with all that is wrong in one: the lines that cannot be ordered, the way to pay, the code.
 * A code that nothing of a cart is good for is no fault while lines are missing that it may be good for, unless the
 * rest would be ordered without them.
 */
export function mustBeRight({ things, rejected }: Evaluated, facts: Facts, { lines, refusalOf }: Strictness): void {
  const [first] = rejected
  const ordersRest = lines === 'some' && things.length > 0
  const promo = promoIn(things, facts)
  const certain = first === undefined || ordersRest || promo !== 'nothing it is good for'
  const wrong = [...facts.wrong, ...(typeof promo === 'string' && certain ? [noSuchPromo()] : [])]
  const linesStand = first === undefined || ordersRest || lines === 'shown'
  if (linesStand && wrong.length === 0) return
  throw together([...rejected.map(refusalOf), ...wrong])
}

/** The first with what the others have to say. */
function together([first, ...others]: readonly Refusal[]): Refusal {
  if (first === undefined) throw new Error('nothing is wrong')
  if (others.length === 0) return first
  const words = [first, ...others].flatMap(({ code, detail }) => [code, ...(detail.also ?? [])])
  const also = [...new Set(words)].filter(word => word !== first.code)
  const fields = Object.assign({}, ...[...others, first].map(({ detail }) => detail.fields))
  return new Refusal(first.code, { ...first.detail, also, fields })
}
