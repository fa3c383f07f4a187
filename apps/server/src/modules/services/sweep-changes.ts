import type { Context } from '../../context.ts'
import type { Tx } from '../../db/database.ts'
import { asSystem } from '../../operator.ts'
import { batchSize, type Item, type Sweep } from '../../sweep.ts'
import { lockAccount } from '../billing/index.ts'
import { applyChange } from './apply-change.ts'
import { type Change, type DueChange, dueChanges, dueChangesOf } from './change-store.ts'
import { withdraw } from './drop-change.ts'
import { cancelService } from './end-service.ts'
import { isDearer } from './price.ts'
import { endingServices, peekService } from './service-store.ts'

type Due = Item & { readonly id: string; readonly accountId: string }

const named = <T extends { readonly id: string }>(what: string, found: readonly T[]) =>
  found.map(each => ({ ...each, name: `${what} ${each.id}` }))

/** Changes that were not paid in time expire, those billed with a renewal take effect when its period begins. */
export const settleChanges: Sweep<Due> = {
  name: 'service changes',
  next: async (app, after) =>
    named('change', await dueChanges(app.db, app.business.now(), after?.id ?? '0', batchSize)),
  carryOut: (app, { id, accountId }) =>
    asSystem(app, async ctx => {
      const tx = await ctx.begin()
      await lockAccount(tx, accountId)
      const [change] = await dueChanges(tx, ctx.business.now(), previous(id), 1)
      if (change?.id === id) await settle(ctx, tx, change)
    }),
}

/** Services end that were asked to end with their period. */
export const endAsAsked: Sweep<Due> = {
  name: 'service ends',
  next: async (app, after) =>
    named('service', await endingServices(app.db, app.business.now(), after?.id ?? '0', batchSize)),
  carryOut: (app, ref) =>
    asSystem(app, async ctx => {
      const tx = await ctx.begin()
      await lockAccount(tx, ref.accountId)
      const [service] = await endingServices(tx, ctx.business.now(), previous(ref.id), 1)
      if (service?.id === ref.id) await cancelService(ctx, tx, ref, 'its period is over, as was asked for')
    }),
}

/** Has changes take effect that were billed with renewals of an account which have begun, in their transaction. */
export async function applyBegun(ctx: Context, tx: Tx, accountId: string): Promise<void> {
  for (const change of await dueChangesOf(tx, ctx.business.now(), accountId))
    if (change.apply === 'renewal') await settle(ctx, tx, change)
}

async function settle(ctx: Context, tx: Tx, change: DueChange): Promise<void> {
  if (change.apply === 'now') await withdraw(ctx, tx, change, 'expired')
  else if (change.isPaid || (await isNoDearer(tx, change))) await applyChange(ctx, tx, change)
}

/** What costs less is billed as such from its day on, so that is all there is from then on, paid or not. */
async function isNoDearer(tx: Tx, { accountId, serviceId, priceMinor, cycle }: Change): Promise<boolean> {
  const service = await peekService(tx, accountId, serviceId)
  if (service === undefined) return false
  return !isDearer({ priceMinor, cycle: cycle ?? service.cycle }, service)
}

function previous(id: string): string {
  return String(BigInt(id) - 1n)
}
