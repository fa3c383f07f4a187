import type { Minor } from '@innkeeper/money'
import { type Queryable, runSql, type Tx } from '../../db/database.ts'
import type { ServiceRef } from './bought.ts'

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

/** A renewal that was billed ahead, on an invoice that is open. */
export interface OpenRenewal {
  readonly id: string
  readonly lineId: string
  readonly netMinor: Minor
  readonly invoiceId: string
  readonly isNumbered: boolean
  /** But for the fee of its payment, its invoice bills nothing else than renewals of what had ended before them too. */
  readonly isAlone: boolean
}

/** Renewals of a service that begin at a moment or later and nobody has paid, or that are on the invoice `paidId`. */
export async function openRenewals(
  tx: Tx,
  { id, accountId }: ServiceRef,
  from: Date,
  paidId?: string,
): Promise<OpenRenewal[]> {
  const rows = await runSql<Omit<OpenRenewal, 'netMinor'> & { netMinor: string }>(
    tx,
    `select b.id::text as id, l.id::text as "lineId", b.net_minor as "netMinor", i.id::text as "invoiceId",
       i.number is not null as "isNumbered", not exists (
         select from invoice_line other left join service s on s.id = other.item_id and s.ended_at is not null
         where other.invoice_id = i.id and other.item_id not in ($2, -2)
           and least(s.ended_at, s.cancel_at) <= b.starts_at is not true) as "isAlone"
     from billed_period b join invoice_line l on l.id = b.line_id join invoice i on i.id = l.invoice_id
     where b.account_id = $1 and b.service_id = $2 and b.reason = 'renewal' and b.starts_at >= $3
       and b.released_at is null and b.ended_at is null and (i.status in ('Unpaid', 'Collections') or i.id = $4)
     order by b.starts_at, b.id`,
    [accountId, id, from, paidId ?? null],
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
