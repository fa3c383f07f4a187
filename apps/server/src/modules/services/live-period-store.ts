import type { Minor } from '@innkeeper/money'
import { type Queryable, runSql, type Tx } from '../../db/database.ts'

/** A period that stands, with what became of the invoice it is on. */
export interface LivePeriod {
  readonly id: string
  readonly lineId: string | null
  readonly startsAt: Date
  readonly endsAt: Date
  /** Until when it stands: before its end where something takes its place from then on. */
  readonly until: Date
  readonly netMinor: Minor
  readonly invoiceId: string | null
  /** Null: free of charge. */
  readonly invoiceStatus: string | null
  /** The invoice is no pro-forma: credit notes can correct it. */
  readonly isNumbered: boolean
}

/** The periods of a service that stand after a moment, first first. */
export async function livePeriods(
  db: Queryable,
  accountId: string,
  serviceId: string,
  after: Date,
): Promise<LivePeriod[]> {
  const rows = await runSql<Omit<LivePeriod, 'netMinor'> & { netMinor: string }>(
    db,
    `select b.id::text as id, b.line_id::text as "lineId", b.starts_at as "startsAt", b.ends_at as "endsAt",
       coalesce(b.ended_at, b.ends_at) as until, b.net_minor as "netMinor",
       i.id::text as "invoiceId", i.status as "invoiceStatus", i.number is not null as "isNumbered"
     from billed_period b left join invoice_line l on l.id = b.line_id left join invoice i on i.id = l.invoice_id
     where b.account_id = $1 and b.service_id = $2 and b.released_at is null
       and coalesce(b.ended_at, b.ends_at) > greatest(b.starts_at, $3)
     order by b.starts_at, b.id`,
    [accountId, serviceId, after],
  )
  return rows.map(row => ({ ...row, netMinor: BigInt(row.netMinor) }))
}

/** Ends periods early: each on that day, or where it begins if that is later. */
export async function endPeriods(tx: Tx, ids: readonly string[], at: Date): Promise<void> {
  await runSql(tx, `update billed_period set ended_at = greatest(starts_at, $2) where id = any($1::bigint[])`, [
    ids,
    at,
  ])
}

export interface ReplacingPeriod {
  readonly accountId: string
  readonly serviceId: string
  readonly lineId: string | null
  readonly startsAt: Date
  readonly endsAt: Date
  readonly netMinor: Minor
}

export async function insertUpgradePeriod(tx: Tx, period: ReplacingPeriod): Promise<void> {
  await tx
    .insertInto('billed_period')
    .values({
      account_id: period.accountId,
      service_id: period.serviceId,
      line_id: period.lineId,
      reason: 'upgrade',
      starts_at: period.startsAt,
      ends_at: period.endsAt,
      net_minor: String(period.netMinor),
    })
    .execute()
}
