import type { Context, InvoiceRef } from '../../context.ts'
import type { Tx } from '../../db/database.ts'
import { openAttemptOf } from './attempt-store.ts'
import { settleAt } from './job-kinds.ts'

/** A page on which an invoice could be paid is closed soon after it was paid otherwise, or is void. */
export async function closePage(ctx: Context, tx: Tx, { id, accountId }: InvoiceRef): Promise<void> {
  const open = await openAttemptOf(tx, accountId, id)
  if (open?.kind === 'checkout') await settleAt(tx, open.id, ctx.clock.now())
}
