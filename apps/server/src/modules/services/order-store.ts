import { randomInt } from 'node:crypto'
import type { Minor } from '@innkeeper/money'
import { runSql, type Tx } from '../../db/database.ts'

export interface NewOrder {
  readonly accountId: string
  /** Active: it needs no decision. */
  readonly status: 'Pending' | 'Active'
  readonly kind: 'order' | 'upgrade'
  /** Undefined: none so far. */
  readonly invoiceId?: string | null
  readonly promoId: string | null
  /** For each line that the code counts for by a target, which that is. */
  readonly promoTargetIds: readonly string[]
  readonly affiliateId: string | null
  readonly paymentMethodId: string | null
  readonly currency: string
  readonly totalMinor: Minor
}

export interface PlacedOrder {
  readonly id: string
  /** Nine digits. */
  readonly number: number
}

const insertText = `
insert into orders (number, account_id, status, kind, invoice_id, promo_id, promo_target_ids, affiliate_id, payment_method_id,
  currency, total_minor, created_at, decided_at)
select number, account_id, status, kind, invoice_id, promo_id, promo_target_ids, affiliate_id, payment_method_id, currency, total_minor,
  $2::timestamptz, case when status <> 'Pending' then $2::timestamptz end
from jsonb_to_recordset($1::jsonb) as new (number integer, account_id bigint, status text, kind text,
  invoice_id bigint, promo_id bigint, promo_target_ids bigint[], affiliate_id bigint, payment_method_id bigint, currency text, total_minor bigint)
on conflict on constraint order_number do nothing
returning id, number`

/**
 * Writes orders, and tells of each in turn what it is called. Numbers are random, so that they tell nobody how many
 * orders there are; where the database says that one is taken, that order gets another. It stands here, below the module
 * of orders, because a change of a service is an order too.
 */
export async function insertOrders(
  tx: Tx,
  orders: readonly NewOrder[],
  at: Date,
  drawNumber: () => number = () => randomInt(100_000_000, 1_000_000_000),
): Promise<readonly PlacedOrder[]> {
  const placed = new Map<NewOrder, PlacedOrder>()
  for (let left = orders; left.length > 0; left = orders.filter(order => !placed.has(order))) {
    const drawn = new Map(left.map(order => [drawNumber(), order]))
    const rows = [...drawn].map(([number, order]) => rowOf(order, number))
    for (const row of await runSql<PlacedOrder>(tx, insertText, [JSON.stringify(rows), at])) {
      const order = drawn.get(row.number)
      if (order !== undefined) placed.set(order, row)
    }
  }
  return orders.flatMap(order => placed.get(order) ?? [])
}

function rowOf(order: NewOrder, number: number) {
  return {
    number,
    account_id: order.accountId,
    status: order.status,
    kind: order.kind,
    invoice_id: order.invoiceId ?? null,
    promo_id: order.promoId,
    promo_target_ids: order.promoTargetIds,
    affiliate_id: order.affiliateId,
    payment_method_id: order.paymentMethodId,
    currency: order.currency,
    total_minor: String(order.totalMinor),
  }
}
