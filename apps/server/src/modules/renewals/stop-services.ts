import { dayOf, shiftDay } from '@innkeeper/money'
import type { App } from '../../context.ts'
import { asSystem } from '../../operator.ts'
import { suspendService, terminateService } from '../services/index.ts'
import { invoicesOfServices, type OverdueInvoice, overdueServices, takeStages } from './dunning-store.ts'
import { writeLetter } from './letter.ts'
import { claimAccount } from './renewal-store.ts'
import type { Sweep } from './sweep.ts'

const batch = 500

/** Stops what is not paid for. Paying starts it again. */
export const suspendOverdue: Sweep<OverdueInvoice> = {
  name: 'suspensions',
  next: (app, after) =>
    invoicesOfServices(app.db, dueBy(app, app.config.billing.suspendAfterDays), 'Active', { after, limit: batch }),
  carryOut: (app, invoice) => stop(app, invoice, 'suspended'),
}

/** Ends for good what was stopped long ago and is still not paid for. */
export const terminateOverdue: Sweep<OverdueInvoice> = {
  name: 'terminations',
  next: (app, after) =>
    invoicesOfServices(app.db, dueBy(app, app.config.billing.terminateAfterDays), 'Suspended', { after, limit: batch }),
  carryOut: (app, invoice) => stop(app, invoice, 'terminated'),
}

/** The latest due day of what has been due for that many days. */
function dueBy({ business, config }: App, days: number): string {
  return shiftDay(dayOf(business.now(), config.timeZone), -days)
}

function stop(app: App, invoice: OverdueInvoice, stage: 'suspended' | 'terminated'): Promise<void> {
  return asSystem(app, async ctx => {
    const tx = await ctx.begin()
    // Whoever pays has the same lock: after it, the invoice is looked at again.
    if (!(await claimAccount(tx, invoice.accountId))) return
    const ids = await overdueServices(tx, invoice, stage === 'suspended' ? 'Active' : 'Suspended')
    if (ids.length === 0) return
    for (const id of ids) {
      const ref = { id, accountId: invoice.accountId }
      if (stage === 'suspended') await suspendService(ctx, tx, ref, 'overdue')
      else await terminateService(ctx, tx, ref, 'not paid')
    }
    if ((await takeStages(tx, invoice.id, [stage], ctx.business.now())).size > 0)
      await writeLetter(ctx, tx, invoice, stage)
  })
}
