import type { App } from '../../context.ts'
import { asSystem } from '../../operator.ts'
import { countReturnedUses } from './promo-store.ts'
import { countReturnedStock } from './stock-store.ts'

/**
 * Makes available again what cancelled orders gave back. Whoever gives back may hold a number series, and whoever takes
 * waits for one: rows that are only written down here let neither wait for the other.
 */
export async function countReturns(app: App): Promise<void> {
  await asSystem(app, async ctx => countReturnedStock(await ctx.begin()))
  await asSystem(app, async ctx => countReturnedUses(await ctx.begin()))
}
