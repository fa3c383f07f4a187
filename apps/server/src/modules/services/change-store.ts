import type { Cycle, Minor } from '@innkeeper/money'
import { sql } from 'kysely'
import { type Queryable, runSql, type Tx } from '../../db/database.ts'
import { unlessTaken } from '../../db/errors.ts'
import { Refusal } from '../../refusal.ts'
import type { Chosen } from '../catalog/index.ts'
import type { NewPeriod, ServiceConfig } from './bought.ts'
import { chosenColumn } from './chosen-column.ts'

export type ChangeState = 'queued' | 'invoiced' | 'applied' | 'cancelled' | 'expired'

/** A change of a service that was asked for. What is null stays as it is. */
export interface Change {
  readonly id: string
  readonly accountId: string
  readonly serviceId: string
  readonly apply: 'now' | 'renewal'
  readonly state: ChangeState
  readonly productId: string | null
  /** The same, where one was taken out of its stock. */
  readonly stockProductId: string | null
  /** Of that product. */
  readonly title: string | null
  readonly taxed: boolean | null
  readonly config: ServiceConfig | null
  /** The same by its names. */
  readonly chosen: readonly Chosen[]
  readonly cycle: Cycle | null
  /** Of one period from then on, before discounts. */
  readonly priceMinor: Minor
  /** Once, for what is new. */
  readonly setupMinor: Minor
  readonly orderId: string | null
  readonly invoiceId: string | null
  readonly createdAt: Date
  /** When a change at renewal takes effect; null until it is invoiced. */
  readonly startsAt: Date | null
  readonly expiresAt: Date | null
}

const columns = `ch.id::text as id, ch.account_id::text as "accountId", ch.service_id::text as "serviceId", ch.apply, ch.state,
  ch.product_id::text as "productId", ch.stock_product_id::text as "stockProductId", p.name as title, p.taxed, ch.config,
  ${chosenColumn('ch.config')} as chosen, ch.cycle, ch.price_minor::text as "priceMinor",
  ch.setup_minor::text as "setupMinor",
  ch.order_id::text as "orderId", ch.invoice_id::text as "invoiceId", ch.created_at as "createdAt", ch.starts_at as "startsAt",
  ch.expires_at as "expiresAt"`

type Row = Omit<Change, 'priceMinor' | 'setupMinor'> & { readonly priceMinor: string; readonly setupMinor: string }

function changeOf(row: Row): Change {
  return { ...row, priceMinor: BigInt(row.priceMinor), setupMinor: BigInt(row.setupMinor) }
}

/** The one change of a service that is not decided yet. */
export async function openChange(db: Queryable, accountId: string, serviceId: string): Promise<Change | undefined> {
  return (await openChanges(db, accountId, [serviceId]))[0]
}

/** The same of several services. */
export async function openChanges(db: Queryable, accountId: string, serviceIds: readonly string[]): Promise<Change[]> {
  const rows = await runSql<Row>(
    db,
    `select ${columns} from service_change ch left join product p on p.id = ch.product_id
     where ch.account_id = $1 and ch.service_id = any($2::bigint[]) and ch.state in ('queued', 'invoiced')`,
    [accountId, serviceIds],
  )
  return rows.map(changeOf)
}

/** Changes that stand on an invoice and wait for it, or that were dropped although it can still be paid. */
export async function changesOnInvoice(tx: Tx, accountId: string, invoiceId: string): Promise<Change[]> {
  const rows = await runSql<Row>(
    tx,
    `select ${columns} from service_change ch left join product p on p.id = ch.product_id
     where ch.account_id = $1 and ch.invoice_id = $2
       and (ch.state = 'invoiced' or (ch.apply = 'now' and ch.state in ('cancelled', 'expired'))) order by ch.service_id`,
    [accountId, invoiceId],
  )
  return rows.map(changeOf)
}

export type NewChange = Pick<
  Change,
  'accountId' | 'serviceId' | 'apply' | 'productId' | 'config' | 'cycle' | 'priceMinor' | 'setupMinor' | 'orderId'
> & { readonly invoiceId: string | null; readonly expiresAt: Date | null }

/** A change is `invoiced` from the start where an invoice was made for it. The unique index keeps a second one out. */
export async function insertChange(tx: Tx, change: NewChange, at: Date): Promise<string> {
  const { id } = await unlessTaken(
    tx
      .insertInto('service_change')
      .values({
        account_id: change.accountId,
        service_id: change.serviceId,
        apply: change.apply,
        state: change.invoiceId === null ? 'queued' : 'invoiced',
        product_id: change.productId,
        stock_product_id: sql<string>`(select id from product where id = ${change.productId} and stock is not null)`,
        config: change.config === null ? null : JSON.stringify(change.config),
        cycle: change.cycle,
        price_minor: String(change.priceMinor),
        setup_minor: String(change.setupMinor),
        order_id: change.orderId,
        invoice_id: change.invoiceId,
        created_at: at,
        expires_at: change.expiresAt,
      })
      .returning('id')
      .executeTakeFirstOrThrow(),
    'service_change_open',
    () => new Refusal('conflict', { also: ['change_pending'] }),
  )
  return id
}

/** Gives a change that waits for the renewal another cycle. */
export async function setCycleOfChange(
  tx: Tx,
  change: Pick<Change, 'id' | 'accountId'>,
  { cycle, priceMinor, setupMinor }: { readonly cycle: Cycle; readonly priceMinor: Minor; readonly setupMinor: Minor },
): Promise<void> {
  await runSql(
    tx,
    `update service_change set cycle = $3, price_minor = $4, setup_minor = $5
     where id = $2 and account_id = $1 and state = 'queued'`,
    [change.accountId, change.id, cycle, String(priceMinor), String(setupMinor)],
  )
}

/** Decides a change. False: it was decided already. */
export async function decideChange(
  tx: Tx,
  change: Pick<Change, 'id' | 'accountId'>,
  state: 'applied' | 'cancelled' | 'expired',
  at: Date,
): Promise<boolean> {
  const rows = await runSql(
    tx,
    `update service_change set state = $3, decided_at = $4
     where id = $2 and account_id = $1 and state in ('queued', 'invoiced') returning id`,
    [change.accountId, change.id, state, at],
  )
  return rows.length > 0
}

/** Changes that wait for the renewal go onto the invoice of that renewal. */
export async function markInvoiced(tx: Tx, renewed: readonly NewPeriod[]): Promise<void> {
  await runSql(
    tx,
    `update service_change ch set state = 'invoiced', invoice_id = l.invoice_id, starts_at = renewed.starts_at
     from unnest($1::bigint[], $2::bigint[], $3::timestamptz[]) as renewed (service_id, line_id, starts_at)
     left join invoice_line l on l.id = renewed.line_id
     where ch.service_id = renewed.service_id and ch.state = 'queued' and ch.apply = 'renewal'`,
    [
      renewed.map(period => period.serviceId),
      renewed.map(period => period.lineId),
      renewed.map(period => period.startsAt),
    ],
  )
}

/** The renewal's invoice is void: they wait for the next. */
export async function queueAgain(tx: Tx, change: Pick<Change, 'id' | 'accountId'>): Promise<void> {
  await runSql(
    tx,
    `update service_change set state = 'queued', invoice_id = null, starts_at = null
     where id = $2 and account_id = $1 and state = 'invoiced'`,
    [change.accountId, change.id],
  )
}

/** A change that its day has come for. */
export interface DueChange extends Change {
  /** What it was billed with is paid, or was refunded since: its period stands. */
  readonly isPaid: boolean
}

const dueText = `select ${columns}, ch.invoice_id is null or i.status in ('Paid', 'Refunded') as "isPaid"
  from service_change ch left join product p on p.id = ch.product_id
  left join invoice i on i.id = ch.invoice_id join account a on a.id = ch.account_id
  where ch.state = 'invoiced' and a.parked_at is null and (ch.expires_at <= $1 or ch.starts_at <= $1)`

/**
 * Changes that time has come for: not paid until they expire, or billed with a renewal that has begun. In the order of
 * their ids. Those of parked accounts wait: each moves money.
 */
export async function dueChanges(db: Queryable, now: Date, after: string, limit: number): Promise<DueChange[]> {
  return readDue(db, 'ch.id > $2 order by ch.id limit $3', [now, after, limit])
}

/** The same of one account. */
export async function dueChangesOf(tx: Tx, now: Date, accountId: string): Promise<DueChange[]> {
  return readDue(tx, 'ch.account_id = $2 order by ch.id', [now, accountId])
}

async function readDue(db: Queryable, and: string, parameters: readonly unknown[]): Promise<DueChange[]> {
  const rows = await runSql<Row & Pick<DueChange, 'isPaid'>>(db, `${dueText} and ${and}`, parameters)
  return rows.map(row => ({ ...changeOf(row), isPaid: row.isPaid }))
}
