import { Type } from 'typebox'
import type { Context, InvoiceRef } from '../../context.ts'
import type { Tx } from '../../db/database.ts'
import { enqueue, type Job, jobKind } from '../../jobs/index.ts'
import { asSystem } from '../../operator.ts'
import { documentOf, lockAccount } from '../billing/index.ts'
import { takeStages } from './dunning-store.ts'
import { writeLetter } from './letter.ts'
import { wasToldOf } from './letter-store.ts'

const documentLetter = jobKind({
  name: 'letters.document',
  payload: Type.Object({ accountId: Type.String(), invoiceId: Type.String() }),
})

/** Tells of a document once its transaction has committed: by then it is known whether credit paid it. */
export async function tellOfDocumentSoon(_ctx: Context, tx: Tx, { id, accountId }: InvoiceRef): Promise<void> {
  await enqueue(tx, documentLetter, { accountId, invoiceId: id })
}

/** Says thank you to whoever was asked for the money; to others the letter about the invoice says that it is paid. */
export async function tellOfPayment(ctx: Context, tx: Tx, invoice: InvoiceRef): Promise<void> {
  if (!(await wasToldOf(tx, invoice.id))) return
  if ((await takeStages(tx, invoice.id, ['paid'], ctx.business.now())).size > 0)
    await writeLetter(ctx, tx, invoice, 'paid')
}

export const letterJobs: readonly Job<{ readonly accountId: string; readonly invoiceId: string }>[] = [
  {
    ...documentLetter,
    run: (app, { accountId, invoiceId }) =>
      asSystem(app, async ctx => {
        const tx = await ctx.begin()
        // Whoever pays has the same lock, and so either sees that this letter went out, or is seen by it.
        await lockAccount(tx, accountId)
        const ref = { id: invoiceId, accountId }
        const { document, status } = await documentOf(ctx, tx, accountId, invoiceId)
        const isNote = document.kind === 'credit_note'
        // What was cancelled before anybody was told of it is told of by its credit note.
        if (!isNote && status === 'Cancelled') return
        if ((await takeStages(tx, invoiceId, ['issued'], ctx.business.now())).size > 0)
          await writeLetter(ctx, tx, ref, isNote ? 'credited' : 'issued')
      }),
  },
]
