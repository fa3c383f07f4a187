import type { App, Context } from '../../context.ts'
import type { Tx } from '../../db/database.ts'
import { asSystem } from '../../operator.ts'
import { batchSize, type Sweep } from '../../sweep.ts'
import { suspendServices, terminateServices } from '../services/index.ts'
import { patienceOf, stoppedBefore } from './dunning.ts'
import {
  invoicesToEnd,
  invoicesToStop,
  type OverdueInvoice,
  runningServices,
  stoppedServices,
  takeStages,
} from './dunning-store.ts'
import { writeLetter } from './letter.ts'
import { lockSoundAccount } from './renewal-store.ts'

/** Stops what is not paid for. Paying starts it again. */
export const suspendOverdue: Sweep<OverdueInvoice> = {
  name: 'suspensions',
  next(app, after) {
    const patience = patienceOf(app, app.config.billing.suspendAfterDays)
    return invoicesToStop(app.db, patience, app.business.now(), { after, limit: batchSize })
  },
  carryOut: (app, invoice) =>
    toServices(app, invoice, 'suspended', {
      of: (_ctx, tx) => runningServices(tx, invoice),
      act: (ctx, tx, accountId, ids) => suspendServices(ctx, tx, accountId, ids, 'overdue'),
    }),
}

/** Ends for good what was stopped long ago and is still not paid for. */
export const terminateOverdue: Sweep<OverdueInvoice> = {
  name: 'terminations',
  next(app, after) {
    const patience = patienceOf(app, app.config.billing.terminateAfterDays)
    return invoicesToEnd(app.db, patience, stoppedBefore(app), { after, limit: batchSize })
  },
  carryOut: (app, invoice) =>
    toServices(app, invoice, 'terminated', {
      of: (ctx, tx) => stoppedServices(tx, invoice, stoppedBefore(ctx)),
      act: (ctx, tx, accountId, ids) => terminateServices(ctx, tx, accountId, ids, 'not paid'),
    }),
}

interface Deed {
  of(ctx: Context, tx: Tx): Promise<string[]>
  act(ctx: Context, tx: Tx, accountId: string, ids: readonly string[]): Promise<void>
}

function toServices(app: App, invoice: OverdueInvoice, stage: 'suspended' | 'terminated', deed: Deed) {
  return asSystem(app, async ctx => {
    const tx = await ctx.begin()
    // Whoever pays has the same lock: after it, the invoice is looked at again.
    if (!(await lockSoundAccount(tx, invoice.accountId))) return
    const ids = await deed.of(ctx, tx)
    if (ids.length === 0) return
    await deed.act(ctx, tx, invoice.accountId, ids)
    if ((await takeStages(tx, invoice.id, [stage], ctx.business.now())).size > 0)
      await writeLetter(ctx, tx, invoice, stage)
  })
}
