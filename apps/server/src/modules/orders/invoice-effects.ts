import type { Effects } from '../../context.ts'
import { decide, undoOrders } from './decide-order.ts'
import { lockPendingOrders } from './store.ts'

/** What follows for orders from what happens to their invoice. Only pending ones are looked at, so twice is as once. */
export const orderEffects: Pick<Effects, 'invoicePaid' | 'invoiceCancelled'> = {
  async invoicePaid(ctx, tx, invoice) {
    await decide(ctx, tx, await lockPendingOrders(tx, invoice), 'Active', 'paid')
  },
  async invoiceCancelled(ctx, tx, invoice) {
    const orders = await lockPendingOrders(tx, invoice)
    if (orders.length > 0) await undoOrders(ctx, tx, orders, 'Cancelled', 'its invoice was cancelled')
  },
}
