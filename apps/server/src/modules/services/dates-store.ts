import { runSql, type Tx } from '../../db/database.ts'

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
