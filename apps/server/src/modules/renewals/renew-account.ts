import { dayOf } from '@innkeeper/money'
import type { App, Context } from '../../context.ts'
import { asSystem } from '../../operator.ts'
import { parkAccount } from '../billing/index.ts'
import { applyBegun, billRenewals, type Renewal, renewalsOf } from '../services/index.ts'
import { dueOfAccount, lockSoundAccount } from './renewal-store.ts'
import { isUnsound } from './unsound.ts'

/** Services that one transaction renews. */
const atOnce = 100

/**
 * Bills what is due of an account: one period of each service after another, until the next is not due yet, so that
 * periods missed while nothing ran are made up for in their order. An account whose periods do not fit is parked.
 */
export async function renewAccount(app: App, accountId: string): Promise<void> {
  let more = true
  while (more) {
    more = await asSystem(app, ctx => renewOnce(ctx, accountId)).catch(async error => {
      if (!isUnsound(error)) throw error
      app.log.error({ err: error, accountId }, 'account parked: its money does not add up')
      await asSystem(app, async ctx => parkAccount(ctx, await ctx.begin(), accountId, error.message))
      return false
    })
  }
}

/** One round, in one transaction. Gives whether another is due. */
async function renewOnce(ctx: Context, accountId: string): Promise<boolean> {
  const tx = await ctx.begin()
  if (!(await lockSoundAccount(tx, accountId))) return false
  const now = ctx.business.now()
  const due = await dueOfAccount(tx, accountId, now, atOnce)
  const renewals = await renewalsOf(ctx, tx, accountId, due)
  if (renewals.length === 0) return false
  for (const group of groupsOf(ctx, renewals)) await billRenewals(ctx, tx, group)
  if (renewals.some(({ changes }) => changes)) await applyBegun(ctx, tx, accountId)
  return (await dueOfAccount(tx, accountId, now, 1)).length > 0
}

type Group = readonly [Renewal, ...Renewal[]]

/** What goes on one invoice: renewals of one day in one currency, or each alone. */
function groupsOf({ config }: Context, renewals: readonly Renewal[]): Group[] {
  if (!config.billing.mergeRenewals) return renewals.map(renewal => [renewal])
  const groups = new Map<string, Group>()
  for (const renewal of renewals) {
    const { period, service } = renewal
    const key = `${dayOf(period.startsAt, config.timeZone)} ${service.currency}`
    const others = groups.get(key)
    groups.set(key, others === undefined ? [renewal] : [...others, renewal])
  }
  return [...groups.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, group]) => group)
}
