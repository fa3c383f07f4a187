import { formatAmount } from '@innkeeper/money'
import type { Context, StaffContext } from '../../context.ts'
import type { Queryable, Tx } from '../../db/database.ts'
import type { StaffModuleHandlers } from '../../http/implement.ts'
import { notFound } from '../../refusal.ts'
import { acceptOrder, accountOfOrder, cancelOrder, markFraud, type OrderRef } from '../orders/index.ts'
import { pageOf, sliceOf } from './listing.ts'
import { type OrderRow, selectOrder, selectOrders, servicesOfOrder } from './orders-store.ts'
import { wireMoment } from './wire.ts'

export const ordersHandlers: StaffModuleHandlers<'orders'> = {
  async listOrders(ctx, input) {
    const slice = sliceOf(input)
    const { status, waits_for: waitsFor } = input
    const filter = { status, waitsFor, clientId: input.client_id, number: input.number }
    const { shown, next } = pageOf(await selectOrders(ctx.db, filter, slice), slice)
    return { orders: shown.map(rowOf), next }
  },
  async getOrder(ctx, { id }) {
    const order = rowOf(await found(ctx.db, id))
    return { order: { ...order, services: await servicesOfOrder(ctx.db, id) } }
  },
  async acceptOrder(ctx, { id }) {
    return { status: await decide(ctx, id, acceptOrder), info: ['order_accepted'] }
  },
  async cancelOrder(ctx, { id, reason }) {
    const cancel = (context: Context, tx: Tx, ref: OrderRef) => cancelOrder(context, tx, ref, reason)
    return { status: await decide(ctx, id, cancel), info: ['order_cancelled'] }
  },
  async markFraud(ctx, { id, reason }) {
    const mark = (context: Context, tx: Tx, ref: OrderRef) => markFraud(context, tx, ref, reason)
    return { status: await decide(ctx, id, mark), info: ['order_fraud'] }
  },
}

/** Carries a decision about an order out; what it is afterwards. */
async function decide(
  ctx: StaffContext,
  id: string,
  carryOut: (ctx: Context, tx: Tx, ref: OrderRef) => Promise<void>,
): Promise<OrderRow['status']> {
  const tx = await ctx.begin()
  const accountId = await accountOfOrder(tx, id)
  if (accountId === undefined) throw notFound()
  await carryOut(ctx, tx, { id, accountId })
  return (await found(tx, id)).status
}

async function found(db: Queryable, id: string): Promise<OrderRow> {
  const row = await selectOrder(db, id)
  if (row === undefined) throw notFound()
  return row
}

function rowOf(row: OrderRow) {
  return {
    id: row.id,
    number: String(row.number),
    client_id: row.account_id,
    status: row.status,
    waits_for: row.waits_for,
    kind: row.kind,
    invoice_id: row.invoice_id,
    currency: row.currency,
    total: formatAmount(BigInt(row.total_minor), { code: row.currency, exponent: row.exponent }),
    created_at: row.created_at.toISOString(),
    decided_at: wireMoment(row.decided_at),
  }
}
