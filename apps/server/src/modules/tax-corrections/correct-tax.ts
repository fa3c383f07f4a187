import { vatTreatment } from '@innkeeper/money'
import { Type } from 'typebox'
import type { App, Context, InvoiceRef, VatConfirmed } from '../../context.ts'
import type { Tx } from '../../db/database.ts'
import { enqueue, type Job, type JobRun, jobKind } from '../../jobs/index.ts'
import { asSystem } from '../../operator.ts'
import { Refusal } from '../../refusal.ts'
import { audit } from '../audit/index.ts'
import { issueCreditNote, isTaxedInvoice, type TaxedInvoice, taxedInvoices } from '../billing/index.ts'
import { wasAlwaysValid } from '../tax/index.ts'

/*
 * Who could not show that they are a business was charged tax. When their number turns out valid, the tax of what was
 * invoiced meanwhile goes back: each invoice gets a credit note that takes the tax alone back and leaves its net with
 * the words "Reverse charge".
 */

const correctTaxKind = jobKind({ name: 'tax.correct', payload: Type.Object({ accountId: Type.String() }) })

/** Lets the invoices of an account be corrected whose VAT number is confirmed. */
export function correctTaxSoon(_ctx: unknown, tx: Tx, { accountId }: Pick<VatConfirmed, 'accountId'>): Promise<void> {
  return enqueue(tx, correctTaxKind, { accountId }, { key: accountId })
}

/** A pro-forma is no tax document; it becomes one when it is paid, and can be corrected only then. */
export async function correctTaxOfPaid(ctx: Context, tx: Tx, invoice: InvoiceRef): Promise<void> {
  if (ctx.config.billing.numberOn !== 'payment') return
  if (await isTaxedInvoice(tx, invoice)) await correctTaxSoon(ctx, tx, invoice)
}

/** The job behind it, for the worker. Each invoice has a transaction of its own: one that cannot be corrected stops no other. */
export const correctTaxJob: Job<{ readonly accountId: string }> = {
  ...correctTaxKind,
  async run(app, { accountId }, run) {
    for (const invoice of await taxedInvoices(app.db, accountId)) {
      if (!owesTaxItself(app, invoice)) continue
      if (await wasAlwaysValid(app.db, accountId, invoice.buyer.vatNumber)) await correct(app, invoice, run)
    }
  },
}

/** Whether the buyer would have had reverse charge, had the number been known as valid. */
function owesTaxItself({ config }: App, { buyer }: TaxedInvoice): boolean {
  const { seller, billing } = config
  const { category } = vatTreatment({
    seller,
    buyer: { ...buyer, vatState: 'valid', exempt: false },
    smallEuSeller: billing.smallEuSeller,
    inclusive: billing.taxInclusive,
    rates: [],
  })
  return category === 'AE'
}

async function correct(app: App, { id, accountId, buyer }: TaxedInvoice, { log }: JobRun): Promise<void> {
  const reason = `Reverse charge: VAT number ${buyer.vatNumber} is confirmed`
  try {
    await asSystem(app, async ctx => {
      const order = { invoiceId: id, accountId, lines: 'all', payOut: 'credit', reason, taxOnly: true } as const
      await issueCreditNote(ctx, await ctx.begin(), order)
    })
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    // Refunded in part, for one: people have to look at it.
    log.error({ err: error, invoice: id }, 'the tax of an invoice could not be corrected')
    await asSystem(app, async ctx =>
      audit(ctx, await ctx.begin(), {
        event: 'tax.correction_refused',
        description: `The tax of invoice #${id} could not be credited, although ${buyer.vatNumber} is a valid VAT number`,
        detail: { invoice: id, error: error.code, also: error.detail.also ?? [] },
        accountId,
      }),
    )
  }
}
