import { asSystem } from '../../operator.ts'
import { batchSize, type Item, type Sweep } from '../../sweep.ts'
import { settleInvoice } from '../billing/index.ts'
import { accountsToSettle, unpaidInvoices } from './credit-store.ts'
import { lockSoundAccount } from './renewal-store.ts'

/**
 * Pays open invoices out of credit that came after them, the first due first: one transfer may be meant for two of them,
 * and nobody is reminded of what lies there.
 */
export const spendCredit: Sweep<Item & { readonly id: string }> = {
  name: 'credit',
  next: (app, after) => accountsToSettle(app.db, after?.id ?? '0', batchSize),
  carryOut: (app, { id: accountId }) =>
    asSystem(app, async ctx => {
      const tx = await ctx.begin()
      const account = await lockSoundAccount(tx, accountId)
      if (account === undefined) return
      for (const id of await unpaidInvoices(tx, accountId)) {
        if ((await settleInvoice(ctx, tx, { id, accountId }, account)) !== 'Paid') return
      }
    }),
}
