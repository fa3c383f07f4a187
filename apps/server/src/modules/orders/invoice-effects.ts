import type { Context, Effects, InvoiceRef } from '../../context.ts'
import type { Tx } from '../../db/database.ts'
import { cancelPending, decide } from './decide-order.ts'
import { lockPendingOrders } from './store.ts'

/** What follows for orders from what happens to their invoice. Only pending ones are looked at, so twice is as once. */
export const orderEffects: Pick<Effects, 'invoicePaid' | 'invoiceCancelled' | 'invoiceRefunded'> = {
  async invoicePaid(ctx, tx, invoice) {
    const orders = await lockPendingOrders(tx, invoice)
    // What staff have to accept stays open for them: who decides it once, starts what it is made of.
    const decided = orders.filter(({ waitsForStaff }) => !waitsForStaff)
    await decide(ctx, tx, decided, 'Active', 'paid')
  },
  invoiceCancelled: (ctx, tx, invoice) => undoPending(ctx, tx, invoice, 'its invoice was cancelled'),
  // What was paid before that is let through already, or waits for staff; others were paid in part, and credited.
  invoiceRefunded: (ctx, tx, invoice) => undoPending(ctx, tx, invoice, 'its invoice was refunded'),
}

async function undoPending(ctx: Context, tx: Tx, invoice: InvoiceRef, why: string): Promise<void> {
  const orders = await lockPendingOrders(tx, invoice)
  if (orders.length > 0) await cancelPending(ctx, tx, orders, why)
}
