import type { Tx } from '../../db/database.ts'
import { takeStock } from '../catalog/index.ts'
import type { Evaluated } from './evaluate.ts'
import { outOfStock } from './evaluate-product.ts'
import type { Thing } from './thing.ts'

/**
 * Takes what the lines need out of the stock for good. Whoever comes too late for the last piece is rejected, whatever the
 * catalogue said a moment ago; such a line takes nothing.
 */
export async function takeStockFor(tx: Tx, { things, rejected }: Evaluated): Promise<Evaluated> {
  const needs = needsOf(things)
  if (await takeStock(tx, allOf(needs.values()))) return { things, rejected }
  // Then each line for itself, first come first served. No row is locked that was not above.
  const late = new Set<number>()
  for (const [index, pieces] of needs) if (needs.size === 1 || !(await takeStock(tx, pieces))) late.add(index)
  return {
    things: things.filter(thing => !late.has(thing.index)),
    rejected: [...rejected, ...[...late].map(index => ({ index, refusal: outOfStock() }))].sort(
      (a, b) => a.index - b.index,
    ),
  }
}

/** How many pieces of counted products each line needs. */
type Pieces = ReadonlyMap<string, number>

function needsOf(things: readonly Thing[]): ReadonlyMap<number, Pieces> {
  const needs = new Map<number, Pieces>()
  for (const { index, what } of things) {
    if (what.kind === 'product' && what.product.stock !== null)
      needs.set(index, allOf([needs.get(index) ?? new Map(), new Map([[what.product.id, 1]])]))
  }
  return needs
}

function allOf(needs: Iterable<Pieces>): Pieces {
  const all = new Map<string, number>()
  for (const pieces of needs) for (const [id, count] of pieces) all.set(id, (all.get(id) ?? 0) + count)
  return all
}
