import type { Tx } from '../../db/database.ts'
import { lockStock, setStock } from '../catalog/index.ts'
import type { Evaluated } from './evaluate.ts'
import { outOfStock } from './evaluate-product.ts'
import type { Thing } from './thing.ts'

/**
 * Takes what the lines need out of the stock for good. Whoever comes too late for the last piece is rejected, whatever the
 * catalogue said a moment ago; such a line takes nothing.
 */
export async function takeStockFor(tx: Tx, { things, rejected }: Evaluated): Promise<Evaluated> {
  const needs = needsOf(things)
  if (needs.size === 0) return { things, rejected }
  const left = new Map(await lockStock(tx, [...new Set([...needs.values()].flat())]))
  const late = new Set<number>()
  for (const [index, productIds] of needs) if (!take(left, productIds)) late.add(index)
  await setStock(tx, left)
  return {
    things: things.filter(thing => !late.has(thing.index)),
    rejected: [...rejected, ...[...late].map(index => ({ index, refusal: outOfStock() }))].sort(
      (a, b) => a.index - b.index,
    ),
  }
}

/** The counted products of each line, once for each piece. */
function needsOf(things: readonly Thing[]): ReadonlyMap<number, readonly string[]> {
  const needs = new Map<number, string[]>()
  for (const { index, what } of things) {
    if (what.kind === 'product' && what.product.stock !== null)
      needs.set(index, [...(needs.get(index) ?? []), what.product.id])
  }
  return needs
}

/** All of them or none. What is not counted any more is there. */
function take(left: Map<string, number>, productIds: readonly string[]): boolean {
  const before = new Map(left)
  for (const id of productIds) {
    const pieces = left.get(id)
    if (pieces === 0) {
      for (const [each, count] of before) left.set(each, count)
      return false
    }
    if (pieces !== undefined) left.set(id, pieces - 1)
  }
  return true
}
