import type { InvoiceRef } from '../../context.ts'
import { type Queryable, runSql, type Tx } from '../../db/database.ts'
import type { OrderRef, OrderStatus } from './order.ts'

/** Says which invoice bills these orders. */
export async function billOrders(tx: Tx, accountId: string, ids: readonly string[], invoiceId: string): Promise<void> {
  await runSql(tx, 'update orders set invoice_id = $3 where account_id = $1 and id = any($2::bigint[])', [
    accountId,
    ids,
    invoiceId,
  ])
}

/** An order as its row says, held until the transaction ends. */
export interface LockedOrder extends OrderRef {
  readonly number: number
  readonly kind: 'order' | 'upgrade'
  readonly status: OrderStatus
  readonly invoiceId: string | null
  readonly promoId: string | null
  readonly promoTargetIds: readonly string[]
  /** Something of it is made only when staff accept it, and they have not. */
  readonly waitsForStaff: boolean
}

const lockedColumns = `id, account_id as "accountId", number, kind, status, invoice_id as "invoiceId", promo_id as "promoId",
  promo_target_ids as "promoTargetIds", exists (select from service s join product p on p.id = s.product_id where s.order_id = orders.id
    and p.provision_on = 'manual' and s.status = 'Pending' and s.provisioning = 'none') as "waitsForStaff"`

/** The order of the account; the account's row is locked before. */
export async function lockOrder(tx: Tx, { id, accountId }: OrderRef): Promise<LockedOrder | undefined> {
  const [row] = await runSql<LockedOrder>(
    tx,
    `select ${lockedColumns} from orders where account_id = $1 and id = $2 for no key update`,
    [accountId, id],
  )
  return row
}

/** What an invoice bills and nobody has decided about yet. Orders of upgrades too. */
export async function lockPendingOrders(tx: Tx, invoice: InvoiceRef): Promise<readonly LockedOrder[]> {
  return await runSql<LockedOrder>(
    tx,
    `select ${lockedColumns} from orders
     where account_id = $1 and invoice_id = $2 and status = 'Pending' order by id for no key update`,
    [invoice.accountId, invoice.id],
  )
}

/** Of orders of one account. */
export async function setStatus(tx: Tx, orders: readonly OrderRef[], status: OrderStatus, at: Date): Promise<void> {
  await runSql(tx, 'update orders set status = $3, decided_at = $4 where account_id = $1 and id = any($2::bigint[])', [
    orders[0]?.accountId,
    orders.map(order => order.id),
    status,
    at,
  ])
}

/** A service that an order made, as far as undoing the order goes. */
export interface OrderedService {
  readonly id: string
  /** Out of whose stock it was taken; null where that was not counted. */
  readonly stockProductId: string | null
}

/** In the order they were made: what belongs to another comes behind it. */
export async function servicesOf(tx: Tx, orders: readonly OrderRef[]): Promise<readonly OrderedService[]> {
  return await runSql<OrderedService>(
    tx,
    `select id, stock_product_id as "stockProductId" from service
     where account_id = $1 and order_id = any($2::bigint[]) order by id`,
    [orders[0]?.accountId, orders.map(order => order.id)],
  )
}

/** Whose order it is; for staff, who only know its id. */
export async function accountOfOrder(db: Queryable, id: string): Promise<string | undefined> {
  const row = await db.selectFrom('orders').select('account_id').where('id', '=', id).executeTakeFirst()
  return row?.account_id
}

/** Keeps other orders of these names waiting until the transaction ends: which of two has a name is then never in doubt. */
export async function lockNames(tx: Tx, names: readonly string[], seed: number): Promise<void> {
  if (names.length === 0) return
  // Sorted, so that two carts with the same names never wait for each other.
  await runSql(
    tx,
    `select count(pg_advisory_xact_lock(hashtextextended(name, $2)))
     from (select distinct name from unnest($1::text[]) as name order by name) as sorted`,
    [names, seed],
  )
}
