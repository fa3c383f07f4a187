import { Refusal } from '../../refusal.ts'
import { domainThing } from './evaluate-domain.ts'
import { productThings } from './evaluate-product.ts'
import { renewalThing } from './evaluate-renewal.ts'
import type { Facts } from './facts.ts'
import type { OrderLine, RejectedLine, SentLine } from './order-line.ts'
import type { Taken } from './taken.ts'
import type { Thing } from './thing.ts'

export interface Evaluated {
  readonly things: readonly Thing[]
  readonly rejected: readonly RejectedLine[]
}

/** What the lines come to as things to be billed; each line that cannot be ordered says why, and spoils no other. */
export function evaluate(lines: readonly SentLine[], facts: Facts): Evaluated {
  const taken: Taken = { stock: new Map(), names: new Set(facts.account.takenNames), renewed: new Set() }
  const things: Thing[] = []
  const rejected: RejectedLine[] = []
  for (const { index, line } of lines) {
    try {
      if (line instanceof Refusal) throw line
      things.push(...thingsOf(line, index, facts, taken))
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      rejected.push({ index, refusal: error })
    }
  }
  return { things, rejected }
}

function thingsOf(line: OrderLine, index: number, facts: Facts, taken: Taken): readonly Thing[] {
  if (line.kind === 'product') return productThings(line, index, facts, taken)
  return [line.kind === 'renew' ? renewalThing(line, index, facts, taken) : domainThing(line, index, facts, taken)]
}
