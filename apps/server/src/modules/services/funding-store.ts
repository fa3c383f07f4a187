import type { Minor } from '@innkeeper/money'
import { type Queryable, runSql } from '../../db/database.ts'

/** What an invoice that is paid still holds of a service's money. */
export interface Funding {
  readonly invoiceId: string
  /** Its line for the service: the largest. */
  readonly lineId: string
  /** Net of what was taken off it and given back of it; at most what that line bears. */
  readonly availableMinor: Minor
}

// Of an invoice whose payments were given back in part, no more than the rest can be credited.
const fundingText = `
with lines as (
  select l.invoice_id, l.id, l.net_minor - (
    select coalesce(sum(back.net_minor), 0) from invoice_line back where back.corrects_id = l.id) as left_minor
  from invoice_line l
  where l.item_id = $2 and l.invoice_id in (
    select billed.invoice_id from billed_period b join invoice_line billed on billed.id = b.line_id where b.service_id = $2
    union select ch.invoice_id from service_change ch where ch.service_id = $2)
)
select i.id::text as "invoiceId", (array_agg(lines.id order by lines.left_minor desc, lines.id))[1]::text as "lineId",
  least(sum(lines.left_minor), max(lines.left_minor),
    floor((i.paid_minor - given.back) * i.subtotal_minor / nullif(i.total_minor, 0)))::text as "availableMinor"
from invoice i
join lines on lines.invoice_id = i.id
cross join lateral (
  select coalesce(sum(case p.ledger when 'refunds' then p.amount_minor else -p.amount_minor end), 0) as back
  from ledger_posting p join ledger_entry e on e.id = p.entry_id
  where p.invoice_id = i.id and (e.event, p.ledger) in (('payment.refund', 'refunds'), ('credit_note.issue', 'credit'))
) given
where i.account_id = $1 and i.kind = 'invoice' and i.status = 'Paid'
group by i.id, given.back
order by i.id desc`

/**
 * Where the money is that was paid for a service and not given back, newest first. What a change credits is taken from
 * here, so no sequence of changes can give more than was paid.
 */
export async function fundingOf(db: Queryable, accountId: string, serviceId: string): Promise<Funding[]> {
  const rows = await runSql<Omit<Funding, 'availableMinor'> & { availableMinor: string }>(db, fundingText, [
    accountId,
    serviceId,
  ])
  return rows
    .map(row => ({ ...row, availableMinor: BigInt(row.availableMinor) }))
    .filter(row => row.availableMinor > 0n)
}

/** What an upgrade's invoice bills for a service: its line, and what was taken off for what was paid before. */
export interface UpgradeLines {
  readonly lineId: string
  readonly netMinor: Minor
  readonly creditMinor: Minor
}

export async function upgradeLines(db: Queryable, invoiceId: string, serviceId: string): Promise<UpgradeLines> {
  const rows = await runSql<{ id: string; type: string; net: string }>(
    db,
    `select id::text as id, type, net_minor::text as net from invoice_line
     where invoice_id = $1 and item_id = $2 order by position`,
    [invoiceId, serviceId],
  )
  const item = rows.find(row => row.type === 'Upgrade')
  if (item === undefined) throw new Error(`invoice ${invoiceId} does not bill a change of service ${serviceId}`)
  const credits = rows.filter(row => row.type === 'Credit')
  return {
    lineId: item.id,
    netMinor: BigInt(item.net),
    creditMinor: credits.reduce((sum, row) => sum - BigInt(row.net), 0n),
  }
}

/** Whether something of a service stands on an invoice that is not paid. */
export async function hasUnpaidPeriods(db: Queryable, accountId: string, serviceId: string): Promise<boolean> {
  const rows = await runSql(
    db,
    `select 1 from billed_period b join invoice_line l on l.id = b.line_id join invoice i on i.id = l.invoice_id
     where b.account_id = $1 and b.service_id = $2 and b.released_at is null
       and i.status in ('Draft', 'Unpaid', 'Collections') limit 1`,
    [accountId, serviceId],
  )
  return rows.length > 0
}

/** What credit notes have not taken back of a line yet, net. */
export async function leftOfLine(db: Queryable, lineId: string): Promise<Minor> {
  const rows = await runSql<{ left: string }>(
    db,
    `select l.net_minor - (select coalesce(sum(back.net_minor), 0) from invoice_line back where back.corrects_id = l.id) as left
     from invoice_line l where l.id = $1`,
    [lineId],
  )
  return BigInt(rows[0]?.left ?? 0)
}
