import type { Tx } from '../../db/database.ts'
import { returnStock, takeStock } from '../catalog/index.ts'
import type { Evaluated } from './evaluate.ts'
import { outOfStock } from './evaluate-product.ts'
import type { Thing } from './thing.ts'

/**
 * Takes what the lines need out of the stock for good. Whoever comes too late for the last piece is rejected, whatever the
 * catalogue said a moment ago, and gives back what the line has taken of other products.
 */
export async function takeStockFor(tx: Tx, { things, rejected }: Evaluated): Promise<Evaluated> {
  const needs = things.flatMap(needOf)
  if (needs.length === 0) return { things, rejected }
  // In one order everywhere, so that two carts never wait for each other.
  needs.sort((a, b) => (BigInt(a.productId) < BigInt(b.productId) ? -1 : 1))
  const late = new Set<number>()
  const taken: Need[] = []
  for (const need of needs) {
    if (late.has(need.index)) continue
    if (await takeStock(tx, need.productId, 1)) taken.push(need)
    else late.add(need.index)
  }
  for (const { index, productId } of taken) if (late.has(index)) await returnStock(tx, productId, 1)
  return {
    things: things.filter(thing => !late.has(thing.index)),
    rejected: [...rejected, ...[...late].map(index => ({ index, refusal: outOfStock() }))].sort(
      (a, b) => a.index - b.index,
    ),
  }
}

interface Need {
  readonly index: number
  readonly productId: string
}

function needOf({ index, what }: Thing): Need[] {
  return what.kind === 'product' && what.product.stock !== null ? [{ index, productId: what.product.id }] : []
}
