import { type Day, formatAmount } from '@innkeeper/money'
import type { Context, InvoiceRef } from '../../context.ts'
import type { Tx } from '../../db/database.ts'
import type { StaffModuleHandlers } from '../../http/implement.ts'
import { notFound } from '../../refusal.ts'
import {
  accountOfInvoice,
  applyCredit,
  deleteDraft,
  finaliseInvoice,
  lockAccount,
  voidInvoice,
} from '../billing/index.ts'
import { taxTreatment } from '../tax/index.ts'
import { readAmount } from './amounts.ts'
import { correctInvoice } from './correct-invoice.ts'
import { selectInvoices, stateOfInvoice } from './invoices-store.ts'
import { pageOf, sliceOf } from './listing.ts'
import { markPaid } from './mark-paid.ts'
import { refundInvoice } from './refund.ts'
import { readDay, readMoment } from './wire.ts'
import { rowOfInvoice, wireInvoice, wireState } from './wire-invoice.ts'
import { writeInvoice } from './write-invoice.ts'

export const invoicesHandlers: StaffModuleHandlers<'invoices'> = {
  async listInvoices(ctx, input) {
    const slice = sliceOf(input)
    const filter = {
      clientId: input.client_id,
      status: input.status,
      kind: input.kind,
      number: input.number,
      issuedFrom: readDay('issued_from', input.issued_from),
      issuedUntil: readDay('issued_until', input.issued_until),
      dueUntil: readDay('due_until', input.due_until),
    }
    const { shown, next } = pageOf(await selectInvoices(ctx.db, filter, slice), slice)
    return { invoices: shown.map(rowOfInvoice), next }
  },
  async getInvoice(ctx, { id }) {
    return { invoice: await wireInvoice(ctx.db, id) }
  },
  async addInvoice(ctx, input) {
    const id = await writeInvoice(ctx, {
      accountId: input.client_id,
      lines: input.lines.map(({ description, unit_price, quantity, taxed }) => ({
        description,
        unitPrice: unit_price,
        quantity: quantity ?? 1,
        taxed: taxed ?? true,
      })),
      dueOn: readDay('due_on', input.due_on) as Day | undefined, // of that form by its schema, and checked
      notes: input.notes,
      paymentMethodId: input.payment_method_id,
    })
    return { invoice: await wireInvoice(await ctx.begin(), id) }
  },
  async deleteDraft(ctx, { id }) {
    const { tx, ref } = await open(ctx, id)
    await deleteDraft(ctx, tx, ref)
    return { info: ['invoice_deleted'] }
  },
  async finaliseInvoice(ctx, { id }) {
    const { tx, ref } = await open(ctx, id)
    await lockAccount(tx, ref.accountId) // whoever changes how it is taxed waits
    await finaliseInvoice(ctx, tx, ref, await taxTreatment(ctx, tx, ref.accountId))
    return { ...(await wireState(tx, id)), info: ['invoice_finalised'] }
  },
  async voidInvoice(ctx, { id, reason }) {
    const { tx, ref } = await open(ctx, id)
    await voidInvoice(ctx, tx, ref, reason)
    return { ...(await wireState(tx, id)), info: ['invoice_voided'] }
  },
  async markPaid(ctx, { id, amount, reference, paid_at, note }) {
    const paidAt = readMoment('paid_at', paid_at)
    const { paymentId, appliedMinor, creditedMinor, repeated, currency } = await markPaid(ctx, id, {
      ...{ amount, reference, paidAt, note },
    })
    return {
      ...(await wireState(await ctx.begin(), id)),
      payment_id: paymentId,
      applied: formatAmount(appliedMinor, currency),
      credited: formatAmount(creditedMinor, currency),
      repeated,
      info: [repeated ? 'payment_known' : 'invoice_paid'],
    }
  },
  async refundInvoice(ctx, { id, to, note }) {
    const { state, amountMinor, currency } = await refundInvoice(ctx, id, { to, note })
    // In the transaction of the refunds, if they have one: those of gateways commit by themselves.
    const invoice = await wireState(await ctx.begin(), id)
    return { ...invoice, state, refunded: formatAmount(amountMinor, currency), info: ['invoice_refunded'] }
  },
  async applyCredit(ctx, { id, amount }) {
    const { tx, ref } = await open(ctx, id)
    const state = await stateOfInvoice(tx, id)
    if (state === undefined) throw notFound()
    const amountMinor = amount === undefined ? {} : { amountMinor: readAmount('amount', amount, state.currency) }
    const { appliedMinor } = await applyCredit(ctx, tx, { accountId: ref.accountId, invoiceId: id, ...amountMinor })
    const applied = formatAmount(appliedMinor, state.currency)
    return { ...(await wireState(tx, id)), applied, info: ['credit_applied'] }
  },
  async correctInvoice(ctx, { id, reason, lines, pay_out }) {
    const note = await correctInvoice(ctx, id, {
      reason,
      lines: lines?.map(({ line_id, net }) => ({ lineId: line_id, net })),
      payOut: pay_out ?? 'credit',
    })
    const tx = await ctx.begin()
    const state = await stateOfInvoice(tx, id)
    if (state === undefined) throw notFound()
    return {
      ...(await wireState(tx, id)),
      credit_note_id: note.id,
      credit_note_number: note.number,
      total: formatAmount(note.totalMinor, state.currency),
      info: ['credit_note_issued'],
    }
  },
}

/** The transaction of a change, and whose invoice it is about. */
async function open(ctx: Context, id: string): Promise<{ tx: Tx; ref: InvoiceRef }> {
  const tx = await ctx.begin()
  const accountId = await accountOfInvoice(tx, id)
  if (accountId === undefined) throw notFound()
  return { tx, ref: { id, accountId } }
}
