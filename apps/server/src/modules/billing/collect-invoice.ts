import { type Minor, type PricedCart, percentOf } from '@innkeeper/money'
import type { Context, InvoiceRef } from '../../context.ts'
import type { Tx } from '../../db/database.ts'
import { audit } from '../audit/index.ts'
import { type InvoiceState, nameOf, requireEdge } from './invoice.ts'
import { amendInvoice, bearsLateFee } from './invoice-store.ts'
import { type IssuedInvoice, issueInvoice } from './issue-invoice.ts'
import { lockAccount, lockInvoice } from './lock.ts'
import { settleInvoice } from './settle-invoice.ts'

/** Unpaid → Collections: somebody else is asked to get the money. It can still be paid. */
export async function sendToCollections(ctx: Context, tx: Tx, ref: InvoiceRef): Promise<void> {
  await lockAccount(tx, ref.accountId)
  const invoice = await lockInvoice(tx, ref)
  requireEdge(invoice, 'collect')
  await amendInvoice(tx, ref, { status: 'Collections' })
  await audit(ctx, tx, {
    event: 'invoice.collect',
    description: `${nameOf(invoice)} handed to collections`,
    detail: { invoice: invoice.id },
    accountId: invoice.accountId,
  })
}

/**
 * Charges the late fee of an overdue invoice, on an invoice of its own: the overdue one left the house and is not changed.
 * Undefined: it has been charged, or there is none.
 */
export async function chargeLateFee(ctx: Context, tx: Tx, ref: InvoiceRef): Promise<IssuedInvoice | undefined> {
  await lockAccount(tx, ref.accountId)
  const invoice = await lockInvoice(tx, ref)
  requireEdge(invoice, 'late fee')
  const feeMinor = percentOf(invoice.dueMinor, Math.round(ctx.config.billing.lateFeePercent * 1000))
  if (feeMinor === 0n || (await bearsLateFee(tx, invoice.id))) return undefined
  const priced = lateFeeCart(invoice, feeMinor)
  const { accountId, id: lateFeeOfId, paymentMethodId } = invoice
  const issued = await issueInvoice(ctx, tx, { accountId, priced, lateFeeOfId, paymentMethodId })
  await settleInvoice(ctx, tx, { id: issued.id, accountId })
  return issued
}

/** Compensation for paying late is no supply, so it bears no tax (Court of Justice of the EU, case 222/81). */
function lateFeeCart(invoice: InvoiceState, feeMinor: Minor): PricedCart {
  return {
    currency: invoice.currency,
    lines: [
      {
        ...{ key: 'late fee', role: 'fee', type: 'Fee', itemId: '-3', quantity: 1, taxMinor: 0n, taxed: false },
        description: `Late payment of ${nameOf(invoice)}`,
        unitMinor: feeMinor,
        amountMinor: feeMinor,
        netMinor: feeMinor,
      },
    ],
    subtotalMinor: feeMinor,
    discountMinor: 0n,
    groups: [
      {
        ...{ level: 1, name: '', percent: 0, category: 'E', reason: 'Not subject to tax' },
        baseMinor: feeMinor,
        taxMinor: 0n,
      },
    ],
    taxMinor: 0n,
    tax2Minor: 0n,
    totalMinor: feeMinor,
    recurring: [],
    periodMinor: new Map(),
  }
}
