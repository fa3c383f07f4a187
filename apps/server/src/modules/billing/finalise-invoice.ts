import { type Day, dayOf, shiftDay } from '@innkeeper/money'
import type { Context, InvoiceRef } from '../../context.ts'
import type { Tx } from '../../db/database.ts'
import { audit } from '../audit/index.ts'
import { dateDraft, deleteInvoice } from './draft-store.ts'
import { type InvoiceState, requireEdge } from './invoice.ts'
import { amendInvoice } from './invoice-store.ts'
import { issueEntry } from './issue-invoice.ts'
import { lockAccount, lockInvoice, refuseParked } from './lock.ts'
import { seriesOf, takeNumber } from './number-store.ts'
import { sellerOf } from './seller.ts'
import { settleInvoice } from './settle-invoice.ts'

/**
 * Draft → Unpaid: gives it its number and the day of today, books and settles it. It names its parties as they are now.
 * From then on it is not changed any more.
 */
export async function finaliseInvoice(ctx: Context, tx: Tx, ref: InvoiceRef): Promise<void> {
  const account = await lockAccount(tx, ref.accountId)
  refuseParked(account)
  const invoice = await lockInvoice(tx, ref)
  requireEdge(invoice, 'finalise')
  const now = ctx.business.now()
  const issuedOn = dayOf(now, ctx.config.timeZone)
  const dueOn = dueDay(invoice, issuedOn, ctx.config.billing.dueDays)
  await dateDraft(tx, ref, { issuedOn, dueOn, seller: sellerOf(ctx.config), buyer: account.buyer })
  const final = ctx.config.billing.numberOn === 'issue'
  const series = seriesOf(ctx.config, final ? 'invoice' : 'proforma', issuedOn)
  const number = await takeNumber(tx, series)
  const numbered = final ? { number } : { proformaNumber: number.text }
  const entry = issueEntry({
    ...{ id: invoice.id, accountId: invoice.accountId, at: now, currency: invoice.currency.code },
    subtotalMinor: invoice.subtotalMinor,
    allTaxMinor: invoice.taxMinor + invoice.tax2Minor,
    totalMinor: invoice.totalMinor,
  })
  await amendInvoice(tx, ref, { status: 'Unpaid', finalisedAt: now, ...numbered }, entry)
  await audit(ctx, tx, {
    event: 'invoice.finalise',
    description: `Invoice ${number.text} finalised`,
    detail: { invoice: invoice.id },
    accountId: invoice.accountId,
  })
  await settleInvoice(ctx, tx, ref)
}

/** The usual time to pay begins today. A day that somebody chose stays, unless it has passed. */
function dueDay({ issuedOn: draftedOn, dueOn }: InvoiceState, today: Day, dueDays: number): Day {
  if (dueOn === shiftDay(draftedOn, dueDays)) return shiftDay(today, dueDays)
  return dueOn < today ? today : dueOn
}

/** A draft that is not wanted leaves no trace but in the audit trail: it never had a number. */
export async function deleteDraft(ctx: Context, tx: Tx, ref: InvoiceRef): Promise<void> {
  await lockAccount(tx, ref.accountId)
  requireEdge(await lockInvoice(tx, ref), 'delete')
  await deleteInvoice(tx, ref)
  await audit(ctx, tx, {
    event: 'invoice.delete',
    description: `Draft #${ref.id} deleted`,
    detail: { invoice: ref.id },
    accountId: ref.accountId,
  })
}
