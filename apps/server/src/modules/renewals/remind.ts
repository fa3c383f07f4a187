import { dayOf } from '@innkeeper/money'
import { asSystem } from '../../operator.ts'
import { batchSize, type Sweep } from '../../sweep.ts'
import { reminderStages } from './dunning.ts'
import { invoicesLacking, lockOpenInvoice, type OverdueInvoice, takeStages } from './dunning-store.ts'
import { writeLetter } from './letter.ts'

/**
 * Reminds of unpaid invoices, once at each stage. Of stages whose days passed while nothing ran, only the last has its
 * letter: nobody gets three at once because we were away.
 */
export const remind: Sweep<OverdueInvoice & { readonly stages: string[] }> = {
  name: 'reminders',
  next(app, after) {
    const today = dayOf(app.business.now(), app.config.timeZone)
    return invoicesLacking(app.db, reminderStages(app.config), today, { after, limit: batchSize })
  },
  carryOut: (app, invoice) =>
    asSystem(app, async ctx => {
      const tx = await ctx.begin()
      if (!(await lockOpenInvoice(tx, invoice))) return
      const taken = await takeStages(tx, invoice.id, invoice.stages, ctx.business.now())
      if (!taken.has(invoice.stages.at(-1) ?? '')) return
      const today = dayOf(ctx.business.now(), ctx.config.timeZone)
      await writeLetter(ctx, tx, invoice, invoice.dueOn < today ? 'overdue' : 'reminder')
    }),
}
