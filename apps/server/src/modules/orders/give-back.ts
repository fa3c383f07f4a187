import { type Cycle, cycles } from '@innkeeper/money'
import type { Tx } from '../../db/database.ts'
import { findPromoById, type PromoLine, releasePromo, returnStock } from '../catalog/index.ts'
import type { LockedOrder, OrderedService } from './store.ts'

/** Gives back what orders took that others may have now: pieces in stock, uses of a discount code. */
export async function giveBack(
  tx: Tx,
  orders: readonly LockedOrder[],
  services: readonly OrderedService[],
): Promise<void> {
  const pieces = new Map<string, number>()
  for (const { productId } of services) if (productId !== null) pieces.set(productId, (pieces.get(productId) ?? 0) + 1)
  await returnStock(tx, pieces)
  for (const { promoId, accountId } of orders) {
    const promo = promoId === null ? undefined : await findPromoById(tx, promoId, accountId)
    if (promo !== undefined) await releasePromo(tx, { promo, accountId, lines: services.map(promoLineOf) })
  }
}

function promoLineOf({ id, productId, addonId, tldId, cycle }: OrderedService): PromoLine {
  const thing = { ...(productId && { productId }), ...(addonId && { addonId }), ...(tldId && { tldId }) }
  return { key: id, cycle: cycles.find((each): each is Cycle => each === cycle) ?? 'Once', ...thing }
}
