import { least } from '@innkeeper/money'
import type { Context, InvoiceRef } from '../../context.ts'
import type { Tx } from '../../db/database.ts'
import { issueCreditNote, returnPayments, voidInvoice } from '../billing/index.ts'
import { leftOfLine } from './funding-store.ts'
import { endPeriods, openRenewals } from './live-period-store.ts'
import type { LockedService } from './service-store.ts'

const reason = 'The service had ended'

/**
 * Takes back what was billed ahead and is not paid of a service that ended: nothing runs in periods that had not begun.
 * What was paid in part becomes credit. A pro-forma for other things too cannot be corrected until it is paid: then it is
 * `paid` (invoice-effects.ts).
 */
export async function dropRenewals(
  ctx: Context,
  tx: Tx,
  { accountId, id, cancelAt }: LockedService,
  endedAt: Date,
  paid?: InvoiceRef,
): Promise<void> {
  // It was promised to end then, however late a sweep comes.
  const from = cancelAt !== null && cancelAt < endedAt ? cancelAt : endedAt
  for (const period of await openRenewals(tx, { accountId, id }, from, paid?.id)) {
    const { invoiceId, lineId, netMinor, isNumbered, isAlone } = period
    if (!isNumbered && !isAlone) continue
    // Before the note: one that closes its invoice leads back here.
    await endPeriods(tx, [period.id], from)
    if (isNumbered) {
      const off = least(netMinor, await leftOfLine(tx, lineId))
      // With the fee of its payment, where that is all that is left.
      const lines = isAlone ? 'all' : [{ lineId, netMinor: off }]
      if (off > 0n) await issueCreditNote(ctx, tx, { invoiceId, accountId, lines, payOut: 'credit', reason })
    } else {
      await returnPayments(ctx, tx, { id: invoiceId, accountId }, reason)
      await voidInvoice(ctx, tx, { id: invoiceId, accountId }, reason)
    }
  }
}
