import type { Context, Effects, InvoiceRef } from './context.ts'
import type { Tx } from './db/database.ts'
import { orderEffects } from './modules/orders/index.ts'
import { closePage } from './modules/payments/index.ts'
import { dunAgain, tellOfPayment, tellOfService } from './modules/renewals/index.ts'
import { serviceEffects } from './modules/services/index.ts'
import { checkVatNumberSoon } from './modules/tax/index.ts'
import { correctTaxOfPaid, correctTaxSoon } from './modules/tax-corrections/index.ts'

type Effect<T = InvoiceRef> = (ctx: Context, tx: Tx, about: T) => Promise<void>

/** What follows from what happens to invoices and their buyers, in this order. */
export const effects: Effects = {
  invoicePaid: all([serviceEffects.invoicePaid, orderEffects.invoicePaid, closePage, correctTaxOfPaid, tellOfPayment]),
  invoiceReopened: all([serviceEffects.invoiceReopened, dunAgain]),
  invoiceCancelled: all([serviceEffects.invoiceCancelled, orderEffects.invoiceCancelled, closePage]),
  invoiceRefunded: all([serviceEffects.invoiceRefunded, orderEffects.invoiceRefunded]),
  serviceTurned: all([tellOfService]),
  buyerChanged: all([checkVatNumberSoon]),
  vatConfirmed: all([correctTaxSoon]),
}

function all<T = InvoiceRef>(list: readonly Effect<T>[]): Effect<T> {
  return async (ctx, tx, about) => {
    for (const effect of list) await effect(ctx, tx, about)
  }
}
