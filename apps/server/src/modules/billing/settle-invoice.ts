import { randomUUID } from 'node:crypto'
import { dayOf, least, type Minor } from '@innkeeper/money'
import type { Context, InvoiceRef } from '../../context.ts'
import type { Tx } from '../../db/database.ts'
import { notFound } from '../../refusal.ts'
import { audit } from '../audit/index.ts'
import type { LockedAccount } from './account-store.ts'
import { allows, type InvoiceState, type InvoiceStatus, nameOf } from './invoice.ts'
import { type Amendment, amendInvoice, selectInvoiceAndCredit } from './invoice-store.ts'
import type { Entry } from './ledger.ts'
import { lockAccount } from './lock.ts'
import { seriesOf, takeNumber } from './number-store.ts'

/**
 * Pays an invoice out of the account's credit, if the account wants that, and closes it once nothing is due. Called by
 * whoever issued it, when what it bills is written. A second call changes nothing. `locked`: the account, where the caller
 * has locked it in this transaction.
 */
export async function settleInvoice(
  ctx: Context,
  tx: Tx,
  ref: InvoiceRef,
  locked?: LockedAccount,
): Promise<InvoiceStatus> {
  const account = locked ?? (await lockAccount(tx, ref.accountId))
  const found = await selectInvoiceAndCredit(tx, ref)
  if (found === undefined) throw notFound()
  const { invoice, credit } = found
  if (!allows(invoice, 'pay')) return invoice.status
  const applied = account.autoApplyCredit && credit > 0n ? least(credit, invoice.dueMinor) : 0n
  if (applied === 0n && invoice.dueMinor > 0n) return invoice.status
  return applyPayment(ctx, tx, invoice, applied === 0n ? undefined : creditPayment(ctx, invoice, applied))
}

export interface InvoicePayment {
  readonly amountMinor: Minor
  readonly entry: Entry
  readonly byCredit: boolean
}

/** What is due less a payment; Paid where that is nothing, with all that follows. The account and invoice are locked. */
export async function applyPayment(
  ctx: Context,
  tx: Tx,
  invoice: InvoiceState,
  payment: InvoicePayment | undefined,
): Promise<InvoiceStatus> {
  const paidMinor = payment?.amountMinor ?? 0n
  const closes = invoice.dueMinor === paidMinor
  const change: Amendment = {
    status: closes ? 'Paid' : invoice.status,
    paidMinor,
    creditMinor: payment?.byCredit === true ? paidMinor : 0n,
    ...(closes ? await closing(ctx, tx, invoice) : {}),
  }
  await amendInvoice(tx, invoice, change, payment?.entry)
  await audit(ctx, tx, {
    event: closes ? 'invoice.paid' : 'invoice.payment',
    description: `${nameOf(invoice)} ${closes ? 'paid' : 'paid in part'}`,
    detail: { invoice: invoice.id, paid_minor: String(paidMinor), by: payment?.entry.event ?? 'nothing due' },
    accountId: invoice.accountId,
  })
  if (closes) await ctx.effects.invoicePaid(ctx, tx, invoice)
  return change.status
}

/** The last payment gives a pro-forma its final number, and the day of that. */
export async function closing(ctx: Context, tx: Tx, invoice: InvoiceState): Promise<Partial<Amendment>> {
  const paidAt = ctx.business.now()
  if (invoice.number !== null) return { paidAt }
  const issuedOn = dayOf(paidAt, ctx.config.timeZone)
  return { paidAt, issuedOn, number: await takeNumber(tx, seriesOf(ctx.config, 'invoice', issuedOn)) }
}

/** Credit that becomes a payment. */
export function creditPayment(ctx: Context, invoice: InvoiceState, amountMinor: Minor): InvoicePayment {
  const { id: invoiceId, accountId, currency } = invoice
  return {
    amountMinor,
    byCredit: true,
    entry: {
      at: ctx.business.now(),
      event: 'credit.apply',
      key: `invoice:${invoiceId}:credit:${randomUUID()}`,
      description: `Credit for ${nameOf(invoice)}`,
      accountId,
      currency: currency.code,
      postings: [
        { ledger: 'credit', amountMinor, invoiceId },
        { ledger: 'receivable', amountMinor: -amountMinor, invoiceId },
      ],
    },
  }
}
