import type { Context, InvoiceRef } from '../../context.ts'
import type { Tx } from '../../db/database.ts'
import { notFound, Refusal } from '../../refusal.ts'
import { audit } from '../audit/index.ts'
import { issueCreditNote, lockAccount, lockInvoice, returnPayments, voidInvoice } from '../billing/index.ts'
import { returnStock } from '../catalog/index.ts'
import type { ServiceRef } from './bought.ts'
import { type Change, decideChange, openChange } from './change-store.ts'

/** Takes a change back that nothing came of. False: it was decided before. */
export async function dropChange(ctx: Context, tx: Tx, change: Change, as: 'cancelled' | 'expired'): Promise<boolean> {
  if (!(await decideChange(tx, change, as, ctx.business.now()))) return false
  if (change.stockProductId !== null) await returnStock(tx, new Map([[change.stockProductId, 1]]))
  await audit(ctx, tx, {
    event: `service.change.${as}`,
    description: `A change of service ${change.serviceId} was ${as === 'expired' ? 'not paid in time' : 'cancelled'}`,
    detail: { service_id: change.serviceId, change_id: change.id },
    accountId: change.accountId,
  })
  return true
}

/** Cancels the change of a service that waits, with its invoice. One that its renewal was billed with stands. */
export async function cancelChange(ctx: Context, tx: Tx, ref: ServiceRef): Promise<Change> {
  await lockAccount(tx, ref.accountId)
  const change = await openChange(tx, ref.accountId, ref.id)
  if (change === undefined) throw notFound()
  if (change.state === 'invoiced' && change.apply === 'renewal') throw new Refusal('conflict', { also: ['invoiced'] })
  await withdraw(ctx, tx, change, 'cancelled')
  return change
}

/**
 * Drops a change and what was billed for it alone; what was paid of that becomes credit. The invoice of a renewal stands:
 * other services may be renewed by it, whose periods must not become free.
 */
export async function withdraw(ctx: Context, tx: Tx, change: Change, as: 'cancelled' | 'expired'): Promise<void> {
  if (!(await dropChange(ctx, tx, change, as)) || change.invoiceId === null || change.apply === 'renewal') return
  const ref = { id: change.invoiceId, accountId: change.accountId }
  const reason = as === 'expired' ? 'The change was not paid in time' : 'The change was cancelled'
  const { status, paidMinor, creditMinor, number } = await lockInvoice(tx, ref)
  if (status !== 'Unpaid' && status !== 'Collections') return
  if (number !== null && paidMinor > creditMinor) return await creditAll(ctx, tx, ref, reason)
  if (number === null) await returnPayments(ctx, tx, ref, reason)
  await voidInvoice(ctx, tx, ref, reason)
}

/** The invoice of a change was paid, and the change is not made: all of it becomes credit. */
export async function refundDropped(ctx: Context, tx: Tx, invoice: InvoiceRef): Promise<void> {
  const { status } = await lockInvoice(tx, invoice)
  if (status === 'Paid') await creditAll(ctx, tx, invoice, 'The change had been cancelled')
}

async function creditAll(ctx: Context, tx: Tx, { id: invoiceId, accountId }: InvoiceRef, reason: string) {
  await issueCreditNote(ctx, tx, { invoiceId, accountId, lines: 'all', payOut: 'credit', reason })
}
