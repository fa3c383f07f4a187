import type { Context } from '../../context.ts'
import type { Tx } from '../../db/database.ts'
import { notFound, Refusal } from '../../refusal.ts'
import { auditAll } from '../audit/index.ts'
import { type InvoiceStatus, lockAccount, lockInvoice, voidInvoice } from '../billing/index.ts'
import { endWithOrder, startProvisioning } from '../services/index.ts'
import { giveBack } from './give-back.ts'
import { mustBecome, type OrderRef, type OrderStatus } from './order.ts'
import { type LockedOrder, lockOrder, lockPendingOrders, servicesOf, setStatus } from './store.ts'

/**
 * Lets an order through: what waits for staff, or for a payment that they do not wait for, is made now. An upgrade waits
 * for nothing but its payment, and what it costs depends on the day of that.
 */
export async function acceptOrder(ctx: Context, tx: Tx, ref: OrderRef): Promise<void> {
  const order = await lockedOrder(tx, ref, 'Active')
  if (order.kind === 'upgrade') throw new Refusal('conflict', { also: ['unpaid_invoice'] })
  await decide(ctx, tx, [order], 'Active', 'accepted')
  const services = await servicesOf(tx, [order])
  const ids = services.map(service => service.id)
  await startProvisioning(ctx, tx, order.accountId, ids)
}

/**
 * Takes an order back before it is paid: its invoice is void, nothing of it is made, and others may have what it took. With it
 * go all orders of the same invoice.
 */
export async function cancelOrder(ctx: Context, tx: Tx, ref: OrderRef, why: string): Promise<void> {
  await undo(ctx, tx, await lockedOrder(tx, ref, 'Cancelled'), 'Cancelled', why)
}

/** The same for an order that nobody honest placed. */
export async function markFraud(ctx: Context, tx: Tx, ref: OrderRef, why: string): Promise<void> {
  await undo(ctx, tx, await lockedOrder(tx, ref, 'Fraud'), 'Fraud', why)
}

/** Invoices that nothing is owed of any more, so that nothing is left to void. */
const overAlready: ReadonlySet<InvoiceStatus> = new Set(['Cancelled', 'Refunded'])

async function undo(
  ctx: Context,
  tx: Tx,
  order: LockedOrder,
  status: 'Cancelled' | 'Fraud',
  why: string,
): Promise<void> {
  const { accountId, invoiceId } = order
  const invoice = invoiceId === null ? undefined : { id: invoiceId, accountId }
  const orders = invoice === undefined ? [order] : await lockPendingOrders(tx, invoice)
  const undone = { status, why }
  await decide(ctx, tx, orders, status, why)
  // Before its invoice is void, for that would cancel what waits for it. What is cancelled ends after, when nothing that
  // it ran for is billed any more.
  if (status === 'Fraud') await takeBack(ctx, tx, orders, undone)
  // Refused where something was paid: that has to be given back first.
  if (invoice !== undefined && !overAlready.has((await lockInvoice(tx, invoice)).status))
    await voidInvoice(ctx, tx, invoice, why)
  if (status === 'Cancelled') await takeBack(ctx, tx, orders, undone)
}

/** Cancels pending orders of one invoice, which is over. What is left of them afterwards is their rows. */
export async function cancelPending(ctx: Context, tx: Tx, orders: readonly LockedOrder[], why: string): Promise<void> {
  await decide(ctx, tx, orders, 'Cancelled', why)
  await takeBack(ctx, tx, orders, { status: 'Cancelled', why })
}

/** Ends what orders of one invoice were to become, or have become unpaid, and lets others have what they took. */
async function takeBack(
  ctx: Context,
  tx: Tx,
  orders: readonly LockedOrder[],
  undone: Parameters<typeof endWithOrder>[4],
): Promise<void> {
  const [{ accountId } = { accountId: '' }] = orders
  const services = await servicesOf(tx, orders)
  const ids = services.map(({ id }) => id)
  const goingOn = await endWithOrder(ctx, tx, accountId, ids, undone)
  await giveBack(
    tx,
    orders,
    services.filter(({ id }) => !goingOn.has(id)),
  )
}

async function lockedOrder(tx: Tx, ref: OrderRef, to: OrderStatus): Promise<LockedOrder> {
  await lockAccount(tx, ref.accountId)
  const order = await lockOrder(tx, ref)
  if (order === undefined) throw notFound()
  mustBecome(order.status, to)
  return order
}

const events = { Active: 'order.accept', Cancelled: 'order.cancel', Fraud: 'order.fraud' } as const

export async function decide(
  ctx: Context,
  tx: Tx,
  orders: readonly LockedOrder[],
  status: keyof typeof events,
  why: string,
): Promise<void> {
  if (orders.length === 0) return
  await setStatus(tx, orders, status, ctx.business.now())
  const happenings = orders.map(({ number, accountId }) => {
    return {
      event: events[status],
      description: `Order ${number}: ${why}`,
      detail: { order: number, status },
      accountId,
    }
  })
  await auditAll(ctx, tx, happenings)
}
