import { amountNumber, formatAmount } from '@innkeeper/money'
import type { ModuleHandlers } from '../../http/implement.ts'
import { pageOf, sliceOf } from '../../paging.ts'
import { notFound } from '../../refusal.ts'
import { applyCredit } from './apply-credit.ts'
import { balanceOf } from './balance.ts'
import { listDocuments, readDocument } from './invoice-reads-store.ts'
import { wireInvoice, wireRow } from './wire-invoice.ts'

export const billingHandlers: Pick<
  ModuleHandlers<'billing'>,
  'getBalance' | 'listInvoices' | 'getInvoice' | 'applyCredit'
> = {
  async getBalance(ctx) {
    const { currency, owedMinor, creditMinor } = await balanceOf(ctx.db, ctx.identity.accountId)
    return {
      success: true,
      details: {
        currency: currency.code,
        acc_balance: formatAmount(owedMinor, currency),
        acc_credit: formatAmount(creditMinor, currency),
      },
    }
  },
  async listInvoices(ctx, input) {
    const { rows, total } = await listDocuments(ctx.db, ctx.identity.accountId, sliceOf(input))
    return { invoices: rows.map(row => wireRow(row, ctx.config.timeZone)), ...pageOf(input, total) }
  },
  async getInvoice(ctx, input) {
    const { accountId } = ctx.identity
    const invoice = await readDocument(ctx.db, accountId, input.id)
    if (invoice === undefined || invoice.status === 'Draft') throw notFound()
    return { invoice: wireInvoice(invoice, accountId, ctx.config.timeZone) }
  },
  async applyCredit(ctx, input) {
    const { accountId } = ctx.identity
    const tx = await ctx.begin()
    const { id: invoiceId, amount } = input
    const wanted = { accountId, invoiceId, ...(amount === undefined ? {} : { amount }) }
    const { appliedMinor, status, currency } = await applyCredit(ctx, tx, wanted)
    return { invoice_status: status, applied: amountNumber(appliedMinor, currency) }
  },
}
