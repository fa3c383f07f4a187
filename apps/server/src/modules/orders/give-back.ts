import type { Tx } from '../../db/database.ts'
import { releasePromo, returnStock } from '../catalog/index.ts'
import type { LockedOrder, OrderedService } from './store.ts'

/**
 * Gives back what orders took that others may have now: pieces in stock, uses of a discount code. As it was written down
 * then; what is counted and limited may be something else by now.
 */
export async function giveBack(
  tx: Tx,
  orders: readonly LockedOrder[],
  services: readonly OrderedService[],
): Promise<void> {
  const pieces = new Map<string, number>()
  for (const { stockProductId: id } of services) if (id !== null) pieces.set(id, (pieces.get(id) ?? 0) + 1)
  await returnStock(tx, pieces)
  const targetIds = orders.flatMap(order => order.promoTargetIds)
  for (const { promoId, accountId } of orders)
    if (promoId !== null) await releasePromo(tx, { promoId, accountId, targetIds })
}
