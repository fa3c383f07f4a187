import { randomInt } from 'node:crypto'
import type { Minor } from '@innkeeper/money'
import { runSql, type Tx } from '../../db/database.ts'

export interface UpgradeOrder {
  readonly accountId: string
  readonly currency: string
  readonly totalMinor: Minor
  /** Null: there is nothing to pay, and the order is done. */
  readonly invoiceId: string | null
  readonly paymentMethodId: string | null
}

/** Writes the order of a change. Its number is random; where it is taken, another is drawn. */
export async function insertUpgradeOrder(
  tx: Tx,
  order: UpgradeOrder,
  at: Date,
): Promise<{ readonly id: string; readonly number: number }> {
  for (;;) {
    const [row] = await runSql<{ id: string; number: number }>(
      tx,
      `insert into orders (number, account_id, status, kind, invoice_id, payment_method_id, currency, total_minor, created_at,
         decided_at)
       values ($1, $2, $3, 'upgrade', $4, $5, $6, $7, $8, case when $3 = 'Active' then $8::timestamptz end)
       on conflict on constraint order_number do nothing returning id, number`,
      [
        randomInt(100_000_000, 1_000_000_000),
        order.accountId,
        order.invoiceId === null ? 'Active' : 'Pending',
        order.invoiceId,
        order.paymentMethodId,
        order.currency,
        String(order.totalMinor),
        at,
      ],
    )
    if (row !== undefined) return row
  }
}
