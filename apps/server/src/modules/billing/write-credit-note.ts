import { dayOf, least, type Minor } from '@innkeeper/money'
import type { Context } from '../../context.ts'
import type { Tx } from '../../db/database.ts'
import { badField, Refusal } from '../../refusal.ts'
import { audit } from '../audit/index.ts'
import { type CreditedCart, type CreditSelection, creditLines } from './credit-lines.ts'
import { insertDraft } from './document-store.ts'
import { type InvoiceState, nameOf } from './invoice.ts'
import { creditableOf } from './invoice-lines-store.ts'
import { amendInvoice, uncreditedOf } from './invoice-store.ts'
import { lockAccount } from './lock.ts'
import { seriesOf } from './number-store.ts'
import { refundedFor } from './payment-store.ts'
import { sellerOf } from './seller.ts'

export interface WrittenCreditNote {
  readonly id: string
  readonly number: string
  readonly totalMinor: Minor
  /** How much of it was taken off what the invoice still had to get. */
  readonly offMinor: Minor
}

export interface CreditNoteTerms {
  readonly lines: CreditSelection
  /** Where what was paid already goes: to credit, or nowhere, as a refund gives or gave it back. */
  readonly payOut: 'credit' | 'none'
  readonly reason: string
  readonly taxOnly?: boolean
}

/** Writes the document and books it. The invoice is locked, has its number, and keeps its row but for what is due. */
export async function writeCreditNote(
  ctx: Context,
  tx: Tx,
  invoice: InvoiceState,
  { lines, payOut, reason, taxOnly = false }: CreditNoteTerms,
): Promise<WrittenCreditNote> {
  const creditable = await creditableOf(tx, invoice.id)
  const credited = creditLines(creditable, lines, { taxOnly })
  if (credited === undefined || credited.totalMinor > (await uncreditedOf(tx, invoice.id)))
    throw badField('lines', 'field_format_error')
  const offMinor = least(credited.totalMinor, invoice.dueMinor)
  const backMinor = credited.totalMinor - offMinor
  if (payOut === 'credit' && backMinor > 0n && backMinor > invoice.paidMinor - (await refundedFor(tx, invoice.id)))
    throw new Refusal('conflict', { also: ['refunded_already'] })
  const { accountId, currency } = invoice
  const { buyer } = await lockAccount(tx, accountId)
  const now = ctx.business.now()
  const issuedOn = dayOf(now, ctx.config.timeZone)
  const { id, number } = await insertDraft(
    tx,
    {
      ...{ accountId, kind: 'credit_note', currency: currency.code, issuedOn, dueOn: issuedOn, priced: credited },
      ...{ exempt: false, inclusive: creditable.inclusive, seller: sellerOf(ctx.config), buyer },
      ...{ paymentMethodId: null, notes: reason, correctsId: invoice.id, lateFeeOfId: null, createdAt: now },
      lines: credited.lines,
    },
    seriesOf(ctx.config, 'credit_note', issuedOn),
  )
  if (number === undefined) throw new Error('a series gives a number')
  await amendInvoice(
    tx,
    { id, accountId },
    { status: 'Paid', finalisedAt: now, paidAt: now, number },
    {
      ...{ at: now, event: 'credit_note.issue', key: `invoice:${id}:issue`, accountId, currency: currency.code },
      description: `Credit note ${number.text} for ${nameOf(invoice)}`,
      postings: [
        ...revenueBack(credited, id),
        { ledger: 'receivable', amountMinor: -offMinor, invoiceId: invoice.id },
        { ledger: payOut === 'credit' ? 'credit' : 'refunds', amountMinor: -backMinor, invoiceId: invoice.id },
      ],
    },
  )
  await audit(ctx, tx, {
    event: 'credit_note.issue',
    description: `Credit note ${number.text} for ${nameOf(invoice)}: ${reason}`,
    detail: { invoice: invoice.id, credit_note: id, total_minor: String(credited.totalMinor), pay_out: payOut },
    accountId,
  })
  return { id, number: number.text, totalMinor: credited.totalMinor, offMinor }
}

function revenueBack({ subtotalMinor, taxMinor, tax2Minor }: CreditedCart, invoiceId: string) {
  return [
    { ledger: 'revenue', amountMinor: subtotalMinor, invoiceId },
    { ledger: 'tax', amountMinor: taxMinor + tax2Minor, invoiceId },
  ] as const
}
