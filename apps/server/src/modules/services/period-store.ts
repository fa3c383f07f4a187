import type { Minor } from '@innkeeper/money'
import { type Queryable, runSql, type Tx } from '../../db/database.ts'
import type { NewPeriod } from './bought.ts'

const insertText = `
insert into billed_period (account_id, service_id, line_id, reason, starts_at, ends_at, net_minor)
select account_id, service_id, line_id, reason, starts_at, ends_at, net_minor
from jsonb_to_recordset($1::jsonb) as new (account_id bigint, service_id bigint, line_id bigint, reason text,
  starts_at timestamptz, ends_at timestamptz, net_minor bigint)
on conflict (service_id, starts_at, reason) where released_at is null and reason <> 'upgrade' do nothing
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

export interface LeadTimes {
  readonly timeZone: string
  /** Days before the end of what is invoiced at which the next period is. */
  readonly days: number
  readonly domainDays: number
}

// A renewal is never invoiced before the period that it follows has begun, so short cycles have shorter leads.
const refreshText = `
update service s set invoiced_until = p.invoiced_until, paid_until = p.paid_until, next_invoice_at = case
    when s.cycle in ('Once', 'Free') or s.cancel_at is not null or s.status not in ('Pending', 'Active', 'Suspended') then null
    when s.cycle = 'h' then p.invoiced_until
    else (p.invoiced_until at time zone $2 - make_interval(days => case
      when s.kind = 'domain' then $4::int
      when s.cycle = 'd' then 0
      when s.cycle = 'w' then least($3::int, 3)
      else $3::int end)) at time zone $2 end
from (
  select b.service_id,
    coalesce(max(b.ends_at) filter (where b.released_at is null and b.ended_at is null), min(b.starts_at)) as invoiced_until,
    least(
      max(b.ends_at) filter (where b.released_at is null and b.ended_at is null
        and (b.line_id is null or i.status in ('Paid', 'Refunded'))),
      min(b.starts_at) filter (where b.released_at is null and b.ended_at is null
        and i.status in ('Draft', 'Unpaid', 'Collections'))) as paid_until
  from billed_period b
  left join invoice_line l on l.id = b.line_id
  left join invoice i on i.id = l.invoice_id
  where b.service_id = any($1::bigint[])
  group by b.service_id
) p
where s.id = p.service_id`

/**
 * Brings what the service says of its money in line with its periods: until when it is invoiced and paid, and when the
 * next invoice is due. It is computed from nothing else, so doing it again changes nothing.
 */
export async function refreshDates(tx: Tx, serviceIds: readonly string[], lead: LeadTimes): Promise<void> {
  if (serviceIds.length === 0) return
  await runSql(tx, refreshText, [serviceIds, lead.timeZone, lead.days, lead.domainDays])
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
