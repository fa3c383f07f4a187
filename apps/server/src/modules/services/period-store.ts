import { runSql, type Tx } from '../../db/database.ts'
import type { NewPeriod } from './bought.ts'

const insertText = `
insert into billed_period (account_id, service_id, line_id, reason, starts_at, ends_at, net_minor)
select account_id, service_id, line_id, reason, starts_at, ends_at, net_minor
from jsonb_to_recordset($1::jsonb) as new (account_id bigint, service_id bigint, line_id bigint, reason text,
  starts_at timestamptz, ends_at timestamptz, net_minor bigint)
on conflict (service_id, starts_at, reason)
  where released_at is null and reason <> 'upgrade' and (ended_at is null or ended_at > starts_at) do nothing
returning service_id::text as "serviceId", starts_at as "startsAt"`

/** Writes periods that are not billed yet, and tells which those were: the unique index decides. */
export async function insertPeriods(
  tx: Tx,
  periods: readonly NewPeriod[],
): Promise<readonly { readonly serviceId: string; readonly startsAt: Date }[]> {
  const rows = periods.map(period => ({
    account_id: period.accountId,
    service_id: period.serviceId,
    line_id: period.lineId,
    reason: period.reason,
    starts_at: period.startsAt,
    ends_at: period.endsAt,
    net_minor: String(period.netMinor),
  }))
  return await runSql(tx, insertText, [JSON.stringify(rows)])
}

const ofInvoiceText = `
select distinct service_id::text as id from (
  select b.service_id from billed_period b join invoice_line l on l.id = b.line_id
  where l.invoice_id = $2 and b.account_id = $1 and b.released_at is null
  union all
  select s.id from service s join orders o on o.id = s.order_id where o.invoice_id = $2 and s.account_id = $1
) all_of_them order by 1`

/** The services that an invoice bills, or that its order made: one-time things have no periods. */
export async function serviceIdsOfInvoice(tx: Tx, accountId: string, invoiceId: string): Promise<string[]> {
  const rows = await runSql<{ id: string }>(tx, ofInvoiceText, [accountId, invoiceId])
  return rows.map(row => row.id)
}

/** Gives the periods of an invoice free to be billed again. */
export async function releasePeriods(tx: Tx, accountId: string, invoiceId: string, at: Date): Promise<void> {
  await runSql(
    tx,
    `update billed_period b set released_at = $3 from invoice_line l
     where l.id = b.line_id and l.invoice_id = $2 and b.account_id = $1 and b.released_at is null`,
    [accountId, invoiceId, at],
  )
}

const overdueText = `
select distinct b.service_id::text as id
from billed_period b join invoice_line l on l.id = b.line_id join invoice i on i.id = l.invoice_id
where b.account_id = $1 and b.service_id = any($2::bigint[]) and b.released_at is null
  and i.status in ('Unpaid', 'Collections') and i.pay_by < $3::date`

/** Which of these services something is overdue for on that day. Periods that were replaced count: they were used. */
export async function overdueServiceIds(
  tx: Tx,
  accountId: string,
  serviceIds: readonly string[],
  day: string,
): Promise<Set<string>> {
  const rows = await runSql<{ id: string }>(tx, overdueText, [accountId, serviceIds, day])
  return new Set(rows.map(row => row.id))
}

/** Which of these services have a period that is paid, and not over at that moment. */
export async function paidServiceIds(
  tx: Tx,
  accountId: string,
  serviceIds: readonly string[],
  at: Date,
): Promise<Set<string>> {
  const rows = await runSql<{ id: string }>(
    tx,
    `select distinct b.service_id::text as id
     from billed_period b join invoice_line l on l.id = b.line_id join invoice i on i.id = l.invoice_id
     where b.account_id = $1 and b.service_id = any($2::bigint[]) and b.released_at is null and b.ended_at is null
       and b.ends_at > $3 and i.status = 'Paid'`,
    [accountId, serviceIds, at],
  )
  return new Set(rows.map(row => row.id))
}

/** A period that stands and lies across another that is to be billed. */
export interface Overlap {
  readonly serviceId: string
  readonly startsAt: Date
  readonly endsAt: Date
}

/** Billing these would bill time twice. Empty: it would not. */
export function overlaps(
  tx: Tx,
  periods: readonly { readonly serviceId: string; readonly startsAt: Date; readonly endsAt: Date }[],
): Promise<Overlap[]> {
  return runSql(
    tx,
    `select b.service_id as "serviceId", b.starts_at as "startsAt", b.ends_at as "endsAt"
     from unnest($1::bigint[], $2::timestamptz[], $3::timestamptz[]) as wanted (service_id, starts_at, ends_at)
     join billed_period b on b.service_id = wanted.service_id and b.released_at is null and b.ended_at is null
       and b.starts_at < wanted.ends_at and b.ends_at > wanted.starts_at`,
    [
      periods.map(({ serviceId }) => serviceId),
      periods.map(({ startsAt }) => startsAt),
      periods.map(({ endsAt }) => endsAt),
    ],
  )
}
