import type { Context } from '../../context.ts'
import type { Tx } from '../../db/database.ts'
import { audit } from '../audit/index.ts'
import { updateParked, updateUnparked } from './account-store.ts'
import { lockAccount } from './lock.ts'

/** Stops all billing of an account whose money does not add up, until somebody has looked. */
export async function parkAccount(ctx: Context, tx: Tx, accountId: string, reason: string): Promise<void> {
  await lockAccount(tx, accountId)
  if (!(await updateParked(tx, accountId, ctx.business.now(), reason))) return
  await audit(ctx, tx, { event: 'account.park', description: `Billing stopped: ${reason}`, accountId })
}

export async function unparkAccount(ctx: Context, tx: Tx, accountId: string): Promise<void> {
  await lockAccount(tx, accountId)
  if (!(await updateUnparked(tx, accountId, ctx.business.now()))) return
  await audit(ctx, tx, { event: 'account.unpark', description: 'Billing goes on', accountId })
}
