import { least, type Minor } from '@innkeeper/money'
import type { Context } from '../../context.ts'
import type { Tx } from '../../db/database.ts'
import { issueCreditNote } from '../billing/index.ts'
import type { Funding } from './funding-store.ts'

/** Money that a service does not need any more. */
export interface Back {
  readonly accountId: string
  /** Nothing, or less: nothing goes back. */
  readonly netMinor: Minor
  readonly reason: string
}

/**
 * Corrects the newest invoices that hold the money, which becomes the client's credit with its tax. Gives those that
 * still hold some.
 */
export async function giveBack(
  ctx: Context,
  tx: Tx,
  { accountId, netMinor, reason }: Back,
  funding: readonly Funding[],
): Promise<readonly Funding[]> {
  let left = netMinor
  const holding: Funding[] = []
  for (const each of funding) {
    const { invoiceId, lineId, availableMinor } = each
    const part = left > 0n ? least(left, availableMinor) : 0n
    left -= part
    if (part < availableMinor) holding.push(each)
    if (part === 0n) continue
    const lines = [{ lineId, netMinor: part }]
    await issueCreditNote(ctx, tx, { invoiceId, accountId, lines, payOut: 'credit', reason })
  }
  return holding
}
