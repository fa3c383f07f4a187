import { least, type Minor } from '@innkeeper/money'
import type { Context } from '../../context.ts'
import type { Tx } from '../../db/database.ts'
import { badField, Refusal } from '../../refusal.ts'
import { audit } from '../audit/index.ts'
import { allows, type InvoiceState, type InvoiceStatus } from './invoice.ts'
import type { Entry } from './ledger.ts'
import { insertEntry } from './ledger-store.ts'
import { lockAccount, lockInvoice } from './lock.ts'
import { insertPayment, type PaymentState, paymentByReference } from './payment-store.ts'
import { recordFee } from './record-fee.ts'
import { applyPayment } from './settle-invoice.ts'

export interface ReceivedPayment {
  readonly accountId: string
  /** Null: straight to credit. */
  readonly invoiceId: string | null
  readonly methodId: string | null
  readonly gateway: string
  /** What the gateway calls it: the same one a second time is not booked. */
  readonly externalId: string
  readonly amountMinor: Minor
  /** What the gateway kept of it; one that is known only later is booked when it is told with the same payment again. */
  readonly feeMinor?: Minor
  readonly currency: string
  readonly at: Date
  readonly note?: string
  /** The payment whose money this is, which had left us and came back. */
  readonly returnsId?: string
}

export interface RecordedPayment {
  readonly paymentId: string
  readonly appliedMinor: Minor
  readonly creditedMinor: Minor
  /** Of the invoice; null where there is none. */
  readonly status: InvoiceStatus | null
  readonly repeated: boolean
}

/** Books money that came in: to its invoice as far as something is due there, the rest to the client's credit. */
export async function recordPayment(ctx: Context, tx: Tx, received: ReceivedPayment): Promise<RecordedPayment> {
  const { accountId, invoiceId, amountMinor, currency, feeMinor = 0n, gateway, externalId, note = '' } = received
  if (amountMinor <= 0n || feeMinor < 0n || feeMinor > amountMinor) throw badField('amount', 'field_format_error')
  const account = await lockAccount(tx, accountId)
  const invoice = invoiceId === null ? undefined : await lockInvoice(tx, { id: invoiceId, accountId })
  if (currency !== (invoice?.currency.code ?? account.currency)) throw badField('currency', 'field_format_error')
  if (invoice !== undefined && (invoice.status === 'Draft' || invoice.kind === 'credit_note'))
    throw new Refusal('conflict', { also: [invoice.status] })
  const payable = invoice !== undefined && allows(invoice, 'pay') ? invoice : undefined
  const appliedMinor = payable === undefined ? 0n : least(amountMinor, payable.dueMinor)
  const creditedMinor = amountMinor - appliedMinor
  const paymentId = await insertPayment(tx, {
    ...{
      accountId,
      invoiceId,
      methodId: received.methodId,
      gateway,
      externalId,
      kind: 'payment',
      amountMinor,
      feeMinor,
    },
    ...{ creditedMinor, currency, reversesId: null, returnsId: received.returnsId ?? null, at: received.at, note },
  })
  if (paymentId === undefined) {
    const known = await paymentByReference(tx, gateway, externalId)
    if (known?.accountId !== accountId) throw new Refusal('conflict', { also: ['payment_of_another_account'] })
    // Another payment by the same name: taken for that one, nobody would notice that it is not booked.
    if (known.invoiceId !== invoiceId || known.amountMinor !== amountMinor)
      throw new Refusal('conflict', { also: ['reference_of_another_payment'] })
    await recordFee(ctx, tx, known, feeMinor)
    return repeatedPayment(known, invoice)
  }
  const entry = receiptEntry(ctx, received, { appliedMinor, creditedMinor, feeMinor })
  await audit(ctx, tx, {
    event: 'payment.receive',
    description: `Payment received by ${gateway}`,
    detail: { payment: paymentId, invoice: invoiceId, amount_minor: String(amountMinor), currency },
    accountId,
  })
  if (payable === undefined) {
    await insertEntry(tx, entry)
    return { paymentId, appliedMinor, creditedMinor, status: invoice?.status ?? null, repeated: false }
  }
  const status = await applyPayment(ctx, tx, payable, { amountMinor: appliedMinor, entry, byCredit: false })
  return { paymentId, appliedMinor, creditedMinor, status, repeated: false }
}

function repeatedPayment(known: PaymentState, invoice: InvoiceState | undefined): RecordedPayment {
  const { id: paymentId, amountMinor, creditedMinor } = known
  const appliedMinor = amountMinor - creditedMinor
  return { paymentId, appliedMinor, creditedMinor, status: invoice?.status ?? null, repeated: true }
}

function receiptEntry(
  ctx: Context,
  { accountId, invoiceId, gateway, externalId, amountMinor, currency }: ReceivedPayment,
  parts: { readonly appliedMinor: Minor; readonly creditedMinor: Minor; readonly feeMinor: Minor },
): Entry {
  return {
    at: ctx.business.now(),
    event: 'payment.receive',
    key: `payment:${gateway}:${externalId}`,
    description: `Payment ${externalId} by ${gateway}`,
    accountId,
    currency,
    postings: [
      { ledger: `clearing:${gateway}`, amountMinor: amountMinor - parts.feeMinor, invoiceId },
      { ledger: 'fees', amountMinor: parts.feeMinor, invoiceId },
      { ledger: 'receivable', amountMinor: -parts.appliedMinor, invoiceId },
      { ledger: 'credit', amountMinor: -parts.creditedMinor, invoiceId },
    ],
  }
}
