import { dayOf } from '@innkeeper/money'
import { asSystem } from '../../operator.ts'
import { batchSize, type Sweep } from '../../sweep.ts'
import { chargeLater } from '../payments/index.ts'
import type { Stage } from './dunning.ts'
import { invoicesToCharge, lockOpenInvoice, type OverdueInvoice, takeStages } from './dunning-store.ts'

/**
 * Has the kept card charged on the day an invoice is due, and where that was declined again on the days of the reminders
 * that follow. Payments sees to it that nobody is charged twice, whoever else is about to pay.
 */
export const chargeCards: Sweep<OverdueInvoice & { readonly stages: string[] }> = {
  name: 'card charges',
  next(app, after) {
    const today = dayOf(app.business.now(), app.config.timeZone)
    const days = [0, ...app.config.billing.reminderDays.filter(each => each > 0)]
    const stages: Stage[] = [...new Set(days)]
      .sort((a, b) => a - b)
      .map(each => ({ days: each, name: `charge:${each}` }))
    return invoicesToCharge(app.db, stages, today, { after, limit: batchSize })
  },
  carryOut: (app, invoice) =>
    asSystem(app, async ctx => {
      const tx = await ctx.begin()
      if (!(await lockOpenInvoice(tx, invoice))) return
      if ((await takeStages(tx, invoice.id, invoice.stages, ctx.business.now())).size > 0)
        await chargeLater(tx, invoice)
    }),
}
