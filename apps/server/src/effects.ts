import type { Context, Effects, InvoiceRef } from './context.ts'
import type { Tx } from './db/database.ts'

type Effect = (ctx: Context, tx: Tx, invoice: InvoiceRef) => Promise<void>

/** What follows from what happens to an invoice, in this order. */
export const effects: Effects = {
  invoicePaid: all([]),
  invoiceReopened: all([]),
  invoiceCancelled: all([]),
  invoiceRefunded: all([]),
}

function all(list: readonly Effect[]): Effect {
  return async (ctx, tx, invoice) => {
    for (const effect of list) await effect(ctx, tx, invoice)
  }
}
