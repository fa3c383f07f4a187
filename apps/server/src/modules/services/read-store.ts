import type { Cycle, Minor } from '@innkeeper/money'
import { type Queryable, runSql } from '../../db/database.ts'
import type { Slice } from '../../paging.ts'
import { type Discount, discountOf } from './price.ts'
import type { ServiceStatus } from './status.ts'

/** A service as lists show it. */
export interface ListedService {
  readonly id: string
  readonly status: ServiceStatus
  /** Of the product or addon. */
  readonly title: string
  readonly name: string
  readonly category: string
  readonly categoryKey: string
  readonly currency: string
  readonly exponent: 0 | 2 | 3
  readonly cycle: Cycle
  readonly priceMinor: Minor
  readonly discount: Discount | undefined
  readonly paidUntil: Date | null
}

/** All that is shown of one. */
export interface ShownService extends ListedService {
  readonly createdAt: Date
  readonly label: string
  readonly firstPaymentMinor: Minor
  readonly nextInvoiceAt: Date | null
  readonly username: string
  /** Encrypted. */
  readonly password: Buffer | null
}

interface Row extends Omit<ShownService, 'priceMinor' | 'firstPaymentMinor' | 'discount'> {
  readonly priceMinor: string
  readonly firstPaymentMinor: string
  readonly discountPercent: string | null
  readonly discountMinor: string | null
}

// Products and addons: domains have a list of their own. An addon shows the host name of what it belongs to.
const fromText = `
from service s
join currency c on c.code = s.currency
left join product p on p.id = s.product_id
left join addon a on a.id = s.addon_id
left join service parent on parent.id = s.parent_id
left join product host on host.id = parent.product_id
left join category cat on cat.id = coalesce(p.category_id, host.category_id)
where s.account_id = $1 and s.kind <> 'domain'`

const columns = `s.id::text as id, s.status, coalesce(p.name, a.name) as title,
  coalesce(nullif(s.name, ''), parent.name, '') as name, coalesce(cat.name, '') as category,
  coalesce(cat.key, '') as "categoryKey", s.currency, c.exponent, s.cycle, s.price_minor::text as "priceMinor",
  s.discount_percent::text as "discountPercent", s.discount_minor::text as "discountMinor", s.paid_until as "paidUntil"`

const detailColumns = `${columns}, s.created_at as "createdAt", s.label, s.first_payment_minor::text as "firstPaymentMinor",
  s.next_invoice_at as "nextInvoiceAt", s.username, s.password`

/** The account's products and addons in order; of `only` these, if given. */
export async function listedServices(
  db: Queryable,
  accountId: string,
  only: 'all' | readonly string[],
  slice: Slice | undefined,
): Promise<ListedService[]> {
  const rows = await runSql<Row>(
    db,
    `select ${columns} ${fromText} and ($2::bigint[] is null or s.id = any($2)) order by s.id limit $3 offset $4`,
    [accountId, only === 'all' ? null : only, slice?.limit ?? null, slice?.offset ?? 0],
  )
  return rows.map(listedOf)
}

export async function countServices(
  db: Queryable,
  accountId: string,
  only: 'all' | readonly string[],
): Promise<number> {
  const [row] = await runSql<{ count: string }>(
    db,
    `select count(*) as count from service s
     where s.account_id = $1 and s.kind <> 'domain' and ($2::bigint[] is null or s.id = any($2))`,
    [accountId, only === 'all' ? null : only],
  )
  return Number(row?.count ?? 0)
}

export async function shownService(db: Queryable, accountId: string, id: string): Promise<ShownService | undefined> {
  const [row] = await runSql<Row>(db, `select ${detailColumns} ${fromText} and s.id = $2`, [accountId, id])
  return row && { ...row, ...listedOf(row), firstPaymentMinor: BigInt(row.firstPaymentMinor) }
}

function listedOf(row: Row): ListedService {
  const { discountPercent, discountMinor, ...rest } = row
  return { ...rest, priceMinor: BigInt(row.priceMinor), discount: discountOf(discountPercent, discountMinor) }
}
