import type { App, Context } from '../../context.ts'
import type { Tx } from '../../db/database.ts'
import { asSystem } from '../../operator.ts'
import { lockAccount } from '../billing/index.ts'
import { applyChange } from './apply-change.ts'
import { type Change, type DueChange, dueChanges, dueChangesOf } from './change-store.ts'
import { withdraw } from './drop-change.ts'
import { cancelService } from './end-service.ts'
import { isDearer } from './price.ts'
import { endingServices, peekService } from './service-store.ts'

const batch = 200

/**
 * What time alone does to services: changes that were not paid in time expire, those billed with a renewal take effect
 * when its period begins, and services end that were asked to. Each in its own transaction; what another worker did
 * meanwhile is found done. Once `signal` is aborted no other is begun, and it throws.
 */
export async function sweepServices(app: App, signal?: AbortSignal): Promise<void> {
  await forEachDue(
    { app, signal },
    after => dueChanges(app.db, app.business.now(), after, batch),
    async ref => {
      await asSystem(app, async ctx => {
        const tx = await ctx.begin()
        await lockAccount(tx, ref.accountId)
        const [change] = await dueChanges(tx, ctx.business.now(), previous(ref.id), 1)
        if (change?.id !== ref.id) return
        await settle(ctx, tx, change)
      })
    },
  )
  await forEachDue(
    { app, signal },
    after => endingServices(app.db, app.business.now(), after, batch),
    async ref => {
      await asSystem(app, async ctx => {
        const tx = await ctx.begin()
        await lockAccount(tx, ref.accountId)
        const [service] = await endingServices(tx, ctx.business.now(), previous(ref.id), 1)
        if (service?.id === ref.id) await cancelService(ctx, tx, ref, 'its period is over, as was asked for')
      })
    },
  )
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

interface Due {
  readonly id: string
  readonly accountId: string
}

/** One that fails stops no other, and is due again at the next sweep; the first failure is thrown at the end. */
async function forEachDue(
  { app, signal }: { readonly app: App; readonly signal: AbortSignal | undefined },
  next: (after: string) => Promise<readonly Due[]>,
  work: (due: Due) => Promise<void>,
): Promise<void> {
  const failures: unknown[] = []
  for (let after = '0'; ; ) {
    const due = await next(after)
    for (const each of due) {
      signal?.throwIfAborted()
      await work(each).catch((error: unknown) => {
        failures.push(error)
        app.log.error({ err: error, id: each.id, accountId: each.accountId }, 'what was due of a service failed')
      })
    }
    const last = due.at(-1)
    if (last === undefined || due.length < batch) break
    after = last.id
  }
  if (failures.length > 0) throw failures[0]
}

function previous(id: string): string {
  return String(BigInt(id) - 1n)
}
