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
  const parts = partsOf(funding, netMinor)
  for (const { invoiceId, lineId, partMinor } of parts) {
    const lines = [{ lineId, netMinor: partMinor }]
    if (partMinor > 0n) await issueCreditNote(ctx, tx, { invoiceId, accountId, lines, payOut: 'credit', reason })
  }
  return parts.filter(({ partMinor, availableMinor }) => partMinor < availableMinor)
}

/** How much of an amount comes out of it. */
export interface FundingPart extends Funding {
  readonly partMinor: Minor
}

/** Takes an amount out of what comes first. */
export function partsOf(funding: readonly Funding[], netMinor: Minor): FundingPart[] {
  let left = netMinor
  return funding.map(each => {
    const partMinor = left > 0n ? least(left, each.availableMinor) : 0n
    left -= partMinor
    return { ...each, partMinor }
  })
}
