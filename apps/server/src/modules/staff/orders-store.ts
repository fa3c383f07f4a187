import type { Currency } from '@innkeeper/money'
import { type Queryable, runSql } from '../../db/database.ts'
import type { OrderStatus } from '../orders/index.ts'
import { type ChosenItem, choicesColumn } from './choices.ts'
import { conditionsOf, type Slice } from './listing.ts'

/* What the staff sees of orders, whoever's they are. Read only, as clients-store.ts. */

/** Staff, where nothing is to be paid (any more). */
type WaitsFor = 'payment' | 'staff'

export interface OrderFilter {
  readonly status?: OrderStatus | undefined
  readonly waitsFor?: WaitsFor | undefined
  readonly clientId?: string | undefined
  readonly number?: string | undefined
}

export interface OrderRow {
  readonly id: string
  readonly number: number
  readonly account_id: string
  readonly status: OrderStatus
  readonly waits_for: WaitsFor | null
  readonly kind: 'order' | 'upgrade'
  readonly invoice_id: string | null
  readonly currency: string
  readonly exponent: Currency['exponent']
  readonly total_minor: string
  readonly created_at: Date
  readonly decided_at: Date | null
}

const waitsFor = `case when status <> 'Pending' then null
  when exists (select from invoice where invoice.id = invoice_id and invoice.status in ('Draft', 'Unpaid', 'Collections'))
  then 'payment' else 'staff' end`

const orderColumns = `orders.id, number, account_id, status, ${waitsFor} as waits_for, kind, invoice_id, orders.currency,
  currency.exponent, total_minor, created_at, decided_at
  from orders join currency on currency.code = orders.currency`

export function selectOrders(db: Queryable, filter: OrderFilter, slice: Slice): Promise<OrderRow[]> {
  const { where, parameters } = conditionsOf([
    ['orders.id < ?', slice.before],
    ['status = ?', filter.status],
    [`status = 'Pending' and ${waitsFor} = ?`, filter.waitsFor],
    ['account_id = ?', filter.clientId],
    ['number = ?::int', filter.number],
  ])
  const text = `select ${orderColumns} where ${where} order by orders.id desc limit ${slice.limit}`
  return runSql<OrderRow>(db, text, parameters)
}

export async function selectOrder(db: Queryable, id: string): Promise<OrderRow | undefined> {
  const [row] = await runSql<OrderRow>(db, `select ${orderColumns} where orders.id = $1`, [id])
  return row
}

export function servicesOfOrder(db: Queryable, id: string) {
  return runSql<{ id: string; product: string; name: string; status: string; choices: ChosenItem[] }>(
    db,
    `select service.id, coalesce(product.name, addon.name, tld.name) as product, service.name, service.status,
       ${choicesColumn}
     from service left join product on product.id = product_id left join addon on addon.id = addon_id
       left join tld on tld.id = tld_id
     where order_id = $1 order by service.id`,
    [id],
  )
}
