import type { Context, PaidInvoice } from '../../context.ts'
import type { Tx } from '../../db/database.ts'
import { asSystem } from '../../operator.ts'
import { batchSize, type Sweep } from '../../sweep.ts'
import { forgetStages, takeStages } from './dunning-store.ts'
import { writeLetter } from './letter.ts'
import { takeTelling, type UntoldDocument, untoldDocuments } from './letter-store.ts'
import { lockSoundAccount } from './renewal-store.ts'

/**
 * Tells of invoices and credit notes once their transaction has committed: by then it is known whether credit paid them.
 */
export const tellOfDocuments: Sweep<UntoldDocument> = {
  name: 'letters',
  next: (app, after) => untoldDocuments(app.db, after, batchSize),
  carryOut: (app, { id, accountId }) =>
    asSystem(app, async ctx => {
      const tx = await ctx.begin()
      // Whoever pays has the same lock, and so either sees that this letter went out, or is seen by it.
      if (!(await lockSoundAccount(tx, accountId))) return
      const told = await takeTelling(tx, { id, accountId }, ctx.business.now())
      if (told === undefined) return
      const isNote = told.kind === 'credit_note'
      if (isNote || told.status !== 'Cancelled')
        await writeLetter(ctx, tx, { id, accountId }, isNote ? 'credited' : 'issued')
    }),
}

/** Says thank you to whoever was asked for the money; to others the letter about the invoice says that it is paid. */
export async function tellOfPayment(ctx: Context, tx: Tx, invoice: PaidInvoice): Promise<void> {
  if (!invoice.wasTold) return
  if ((await takeStages(tx, invoice.id, ['paid'], ctx.business.now())).size > 0)
    await writeLetter(ctx, tx, invoice, 'paid')
}

/**
 * Says that a payment was taken back. What is owed again is reminded of, acted upon and, once it is paid, said thank you
 * for as if it had just been due.
 */
export async function dunAgain(ctx: Context, tx: Tx, invoice: PaidInvoice): Promise<void> {
  await forgetStages(tx, invoice)
  if (invoice.wasTold) await writeLetter(ctx, tx, invoice, 'reopened')
}
