import type { Cycle, Minor } from '@innkeeper/money'
import { type Queryable, runSql, type Tx } from '../../db/database.ts'
import type { Chosen } from '../catalog/index.ts'
import type { ServiceConfig } from './bought.ts'
import { chosenColumn } from './chosen-column.ts'
import { type Discount, discountOf } from './price.ts'
import { nameOfService } from './service-name.ts'
import type { ServiceStatus } from './status.ts'

/** A service whose row is locked, with what decides about its states and its money. */
export interface LockedService {
  readonly id: string
  readonly accountId: string
  readonly kind: 'product' | 'addon' | 'domain'
  readonly productId: string | null
  /** Out of whose stock it was taken; null where that was not counted. */
  readonly stockProductId: string | null
  readonly addonId: string | null
  readonly parentId: string | null
  readonly orderId: string | null
  readonly status: ServiceStatus
  readonly name: string
  /** Of what was bought. */
  readonly title: string
  readonly taxed: boolean
  readonly currency: string
  readonly exponent: 0 | 2 | 3
  readonly cycle: Cycle
  readonly config: ServiceConfig
  /** The same by its names. */
  readonly chosen: readonly Chosen[]
  readonly priceMinor: Minor
  readonly promoId: string | null
  /** Taken off every period: that of its code, as the order had it. */
  readonly discount: Discount | undefined
  /** What that code is good for; null and none: for everything. */
  readonly promoProductIds: readonly string[] | null
  readonly promoCycles: readonly string[]
  readonly anchorDay: number
  readonly invoicedUntil: Date | null
  readonly paidUntil: Date | null
  readonly suspendReason: string | null
  readonly cancelAt: Date | null
  readonly endedAt: Date | null
  readonly provisionOn: 'order' | 'payment' | 'manual'
  readonly provisioner: string
  readonly provisioning: 'none' | 'queued' | 'running' | 'failed' | 'done'
}

/** As the rest of the program is told of it. */
export function turned(service: LockedService) {
  return { id: service.id, accountId: service.accountId, name: nameOfService(service) }
}

interface Row extends Omit<LockedService, 'priceMinor' | 'discount'> {
  readonly priceMinor: string
  readonly discountPercent: string | null
  readonly discountMinor: string | null
}

// An addon is made when the product is that it belongs to.
const selectText = `
select s.id, s.account_id as "accountId", s.kind, s.product_id as "productId",
  s.stock_product_id as "stockProductId", s.addon_id as "addonId",
  s.parent_id as "parentId", s.order_id as "orderId", s.status, s.name, coalesce(p.name, a.name, t.name) as title,
  coalesce(p.taxed, a.taxed, t.taxed) as taxed, s.currency, c.exponent, s.cycle, s.config,
  ${chosenColumn('s.config')} as chosen, s.price_minor as "priceMinor",
  s.promo_id as "promoId", s.discount_percent::text as "discountPercent", s.discount_minor::text as "discountMinor",
  (select array_agg(coalesce(target.product_id::text, '')) from promo_target target where target.promo_id = s.promo_id)
    as "promoProductIds", coalesce(promo.cycles, '{}') as "promoCycles",
  coalesce(s.anchor_day, extract(day from s.created_at)::int) as "anchorDay", s.invoiced_until as "invoicedUntil",
  s.paid_until as "paidUntil", s.suspend_reason as "suspendReason", s.cancel_at as "cancelAt",
  s.ended_at as "endedAt",
  coalesce(p.provision_on, host.provision_on, 'payment') as "provisionOn",
  coalesce(p.provisioner, a.provisioner, t.registrar, 'none') as provisioner, s.provisioning
from service s
join currency c on c.code = s.currency
left join product p on p.id = s.product_id
left join addon a on a.id = s.addon_id
left join tld t on t.id = s.tld_id
left join service parent on parent.id = s.parent_id
left join product host on host.id = parent.product_id
left join promo_code promo on promo.id = s.promo_id`

/** Locks services of an account in the order of their ids. Those that do not exist are left out. */
export async function lockServices(tx: Tx, accountId: string, ids: readonly string[]): Promise<LockedService[]> {
  if (ids.length === 0) return []
  const which = 'where s.account_id = $1 and s.id = any($2::bigint[]) order by s.id for no key update of s'
  return (await runSql<Row>(tx, `${selectText} ${which}`, [accountId, ids])).map(serviceOf)
}

/** The same without waiting for anybody, for what is only shown. */
export async function peekService(db: Queryable, accountId: string, id: string): Promise<LockedService | undefined> {
  const rows = await runSql<Row>(db, `${selectText} where s.account_id = $1 and s.id = $2`, [accountId, id])
  return rows.map(serviceOf)[0]
}

function serviceOf({ discountPercent, discountMinor, ...row }: Row): LockedService {
  const discount = discountOf(discountPercent, discountMinor)
  return { ...row, priceMinor: BigInt(row.priceMinor), discount }
}

export async function lockService(tx: Tx, accountId: string, id: string): Promise<LockedService | undefined> {
  return (await lockServices(tx, accountId, [id]))[0]
}

export interface StatusChange {
  readonly status: ServiceStatus
  readonly suspendedAt?: Date | null
  readonly suspendReason?: string | null
  readonly endedAt?: Date
}

/** The caller holds the lock of the row, so its status is still the one that was seen. */
export async function setStatus(tx: Tx, ref: LockedService, change: StatusChange): Promise<void> {
  const { status, suspendedAt, suspendReason, endedAt } = change
  await tx
    .updateTable('service')
    .set({
      status,
      ...(suspendedAt === undefined ? {} : { suspended_at: suspendedAt }),
      ...(suspendReason === undefined ? {} : { suspend_reason: suspendReason }),
      ...(endedAt === undefined ? {} : { ended_at: endedAt, next_invoice_at: null }),
    })
    .where('id', '=', ref.id)
    .where('account_id', '=', ref.accountId)
    .execute()
}

/** When a service ends although nothing is overdue; null: it is renewed again, once its dates are refreshed. */
export async function setCancelAt(tx: Tx, ref: LockedService, at: Date | null): Promise<void> {
  await tx
    .updateTable('service')
    .set({ cancel_at: at, ...(at === null ? {} : { next_invoice_at: null }) })
    .where('id', '=', ref.id)
    .where('account_id', '=', ref.accountId)
    .execute()
}

/** Ids of the addons that belong to a service and are not over. */
export async function addonIdsOf(tx: Tx, { accountId, id }: { accountId: string; id: string }): Promise<string[]> {
  const rows = await tx
    .selectFrom('service')
    .where('account_id', '=', accountId)
    .where('parent_id', '=', id)
    .where('status', 'in', ['Pending', 'Active', 'Suspended'])
    .orderBy('id')
    .select('id')
    .execute()
  return rows.map(row => row.id)
}

type Discounted = Pick<LockedService, 'productId' | 'cycle' | 'discount' | 'promoProductIds' | 'promoCycles'>

/**
 * The discount that a service has with another product or in another cycle; null: as it is. A code for some of them only
 * does not go on for others. What it was sold with keeps it, whatever becomes of the code.
 */
export function discountWith(
  service: Discounted,
  { productId, cycle }: { readonly productId: string | null; readonly cycle: Cycle | null },
): Discount | undefined {
  const { promoProductIds, promoCycles } = service
  const sameProduct = productId === null || productId === service.productId
  const sameCycle = cycle === null || cycle === service.cycle
  const holds =
    (sameProduct || promoProductIds === null || promoProductIds.includes(productId)) &&
    (sameCycle || promoCycles.length === 0 || promoCycles.includes(cycle))
  return holds ? service.discount : undefined
}

/** Services that were to end by now, in the order of their ids. Those of parked accounts wait: what is ended is gone. */
export async function endingServices(
  db: Queryable,
  now: Date,
  after: string,
  limit: number,
): Promise<{ readonly id: string; readonly accountId: string }[]> {
  return await runSql(
    db,
    `select s.id::text as id, s.account_id::text as "accountId" from service s join account a on a.id = s.account_id
     where s.cancel_at <= $1 and s.ended_at is null and a.parked_at is null and s.id > $2 order by s.id limit $3`,
    [now, after, limit],
  )
}
