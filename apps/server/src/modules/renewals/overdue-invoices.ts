import { asSystem } from '../../operator.ts'
import { batchSize, type Sweep } from '../../sweep.ts'
import { chargeLateFee, sendToCollections } from '../billing/index.ts'
import { cancelOrder } from '../orders/index.ts'
import { patienceOf } from './dunning.ts'
import { invoicesOverdue, lockOpenInvoice, type OverdueInvoice, takeStages, unpaidOrders } from './dunning-store.ts'
import { writeLetter } from './letter.ts'
import { lockSoundAccount } from './renewal-store.ts'

/** Charges for being late, once for each invoice; the invoice of the fee is told of like any other. */
export const chargeLateFees: Sweep<OverdueInvoice> = {
  name: 'late fees',
  async next(app, after) {
    const { lateFeeAfterDays, lateFeePercent } = app.config.billing
    if (lateFeeAfterDays === 0 || lateFeePercent === 0) return []
    return invoicesOverdue(app.db, patienceOf(app, lateFeeAfterDays), 'late-fee', { after, limit: batchSize })
  },
  carryOut: (app, invoice) =>
    asSystem(app, async ctx => {
      const tx = await ctx.begin()
      if (!(await lockSoundAccount(tx, invoice.accountId))) return
      if (!(await lockOpenInvoice(tx, invoice))) return
      if ((await takeStages(tx, invoice.id, ['late-fee'], ctx.business.now())).size === 0) return
      await chargeLateFee(ctx, tx, invoice)
    }),
}

/** Gives up asking: what is not paid by then goes to collections. */
export const collectOverdue: Sweep<OverdueInvoice> = {
  name: 'collections',
  next: (app, after) =>
    invoicesOverdue(app.db, patienceOf(app, app.config.billing.collectionsAfterDays), 'collections', {
      after,
      limit: batchSize,
    }),
  carryOut: (app, invoice) =>
    asSystem(app, async ctx => {
      const tx = await ctx.begin()
      if (!(await lockSoundAccount(tx, invoice.accountId))) return
      if (!(await lockOpenInvoice(tx, invoice))) return
      await sendToCollections(ctx, tx, invoice)
      if ((await takeStages(tx, invoice.id, ['collections'], ctx.business.now())).size > 0)
        await writeLetter(ctx, tx, invoice, 'collections')
    }),
}

/** Cancels orders that nobody paid, with what waits for the payment. */
export const cancelUnpaidOrders: Sweep<OverdueInvoice & { readonly orderId: string }> = {
  name: 'unpaid orders',
  next: (app, after) =>
    unpaidOrders(app.db, patienceOf(app, app.config.billing.cancelOrderAfterDays), { after, limit: batchSize }),
  carryOut: (app, invoice) =>
    asSystem(app, async ctx => {
      const tx = await ctx.begin()
      if (!(await lockSoundAccount(tx, invoice.accountId))) return
      if (!(await lockOpenInvoice(tx, invoice))) return
      await cancelOrder(ctx, tx, { id: invoice.orderId, accountId: invoice.accountId }, 'not paid')
      if ((await takeStages(tx, invoice.id, ['cancelled'], ctx.business.now())).size > 0)
        await writeLetter(ctx, tx, invoice, 'cancelled')
    }),
}
