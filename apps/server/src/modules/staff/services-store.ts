import type { Currency } from '@innkeeper/money'
import { type Queryable, runSql } from '../../db/database.ts'
import type { ServiceStatus } from '../services/index.ts'
import { type ChosenItem, choicesColumn } from './choices.ts'
import { conditionsOf, type Slice } from './listing.ts'

/* What the staff sees of services, whoever's they are. Read only, as clients-store.ts. */

export type ProvisioningState = 'none' | 'queued' | 'running' | 'failed' | 'done'

export interface ServiceFilter {
  readonly clientId?: string | undefined
  readonly productId?: string | undefined
  readonly status?: ServiceStatus | undefined
  readonly provisioning?: ProvisioningState | undefined
  /** What the name begins with. */
  readonly name?: string | undefined
}

export interface ServiceRow {
  readonly id: string
  readonly account_id: string
  readonly kind: 'product' | 'addon' | 'domain'
  readonly product: string
  readonly name: string
  readonly label: string
  readonly status: ServiceStatus
  readonly cycle: string
  readonly price_minor: string
  readonly currency: string
  readonly exponent: Currency['exponent']
  readonly paid_until: Date | null
  readonly suspend_reason: string | null
  readonly provisioning: ProvisioningState
  readonly provisioning_error: string | null
  readonly created_at: Date
}

const rowColumns = `service.id, account_id, service.kind, coalesce(product.name, addon.name, tld.name) as product,
  service.name, label, status, cycle, price_minor, service.currency, currency.exponent, paid_until, suspend_reason,
  provisioning, provisioning_error, created_at`
const tables = `service join currency on currency.code = service.currency left join product on product.id = product_id
  left join addon on addon.id = addon_id left join tld on tld.id = tld_id`

export function selectServices(db: Queryable, filter: ServiceFilter, slice: Slice): Promise<ServiceRow[]> {
  const { where, parameters } = conditionsOf([
    ['service.id < ?', slice.before],
    ['account_id = ?', filter.clientId],
    ['product_id = ?', filter.productId],
    ['status = ?', filter.status],
    ['provisioning = ?', filter.provisioning],
    ['starts_with(service.name, ?)', filter.name],
  ])
  const text = `select ${rowColumns} from ${tables} where ${where} order by service.id desc limit ${slice.limit}`
  return runSql<ServiceRow>(db, text, parameters)
}

export interface WholeServiceRow extends ServiceRow {
  readonly product_id: string | null
  readonly order_id: string | null
  readonly parent_id: string | null
  readonly addon_ids: string[]
  readonly choices: readonly ChosenItem[]
  readonly provisioner: string
  readonly external_id: string | null
  readonly username: string
  readonly invoiced_until: Date | null
  readonly next_invoice_at: Date | null
  readonly suspended_at: Date | null
  readonly ended_at: Date | null
}

export async function selectService(db: Queryable, id: string): Promise<WholeServiceRow | undefined> {
  const [row] = await runSql<WholeServiceRow>(
    db,
    `select ${rowColumns}, product_id, order_id, parent_id, external_id, username, invoiced_until, next_invoice_at,
       suspended_at, ended_at, coalesce(product.provisioner, addon.provisioner, tld.registrar, 'none') as provisioner,
       array(select child.id from service as child where child.parent_id = service.id order by child.id)::text[] as addon_ids,
       ${choicesColumn}
     from ${tables} where service.id = $1`,
    [id],
  )
  return row
}

/** Whose service it is. */
export async function accountOfService(db: Queryable, id: string): Promise<string | undefined> {
  const row = await db.selectFrom('service').select('account_id').where('id', '=', id).executeTakeFirst()
  return row?.account_id
}
