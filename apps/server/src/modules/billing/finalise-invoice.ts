import { type Day, dayOf, shiftDay, type TaxGroup, type TaxTreatment, taxLines } from '@innkeeper/money'
import type { Context, InvoiceRef } from '../../context.ts'
import type { Tx } from '../../db/database.ts'
import { notFound, Refusal } from '../../refusal.ts'
import { audit } from '../audit/index.ts'
import { dateDraft, deleteInvoice } from './draft-store.ts'
import { type InvoiceState, requireEdge } from './invoice.ts'
import { readDocument } from './invoice-reads-store.ts'
import { amendInvoice } from './invoice-store.ts'
import { issueEntry } from './issue-invoice.ts'
import { lockAccount, lockInvoice, refuseParked } from './lock.ts'
import { seriesOf, takeNumber } from './number-store.ts'
import { sellerOf } from './seller.ts'
import { settleInvoice } from './settle-invoice.ts'

/**
 * Draft → Unpaid: gives it its number and the day of today, books and settles it. It names its parties as they are now.
 * From then on it is not changed any more. It has to be taxed as its buyer's purchases of today are (`tax`): a rate that
 * changed since it was written, or a VAT number that was confirmed, would make it a wrong document of tax.
 */
export async function finaliseInvoice(ctx: Context, tx: Tx, ref: InvoiceRef, tax: TaxTreatment): Promise<void> {
  const account = await lockAccount(tx, ref.accountId)
  refuseParked(account)
  const invoice = await lockInvoice(tx, ref)
  requireEdge(invoice, 'finalise')
  await requireTaxOf(tx, ref, tax)
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

/** Whoever wrote it agreed on other amounts, so it is not priced anew behind their back: they write it again. */
async function requireTaxOf(tx: Tx, { id, accountId }: InvoiceRef, tax: TaxTreatment): Promise<void> {
  const draft = await readDocument(tx, accountId, id)
  if (draft === undefined) throw notFound()
  const { groups, inclusive, lines } = draft
  const today = taxLines(lines, { ...tax, inclusive }).groups
  if (wordsOf(today) !== wordsOf(groups)) throw new Refusal('conflict', { also: ['tax_changed'] })
}

/** All that a document says of its taxes. */
function wordsOf(groups: readonly TaxGroup[]): string {
  const words = groups.map(({ level, name, percent, category, reason, baseMinor, taxMinor }) =>
    [level, name, percent, category, reason, baseMinor, taxMinor].join('|'),
  )
  return words.sort().join('\n')
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
