import type { Minor, TaxTreatment } from '@innkeeper/money'
import { type Queryable, runSql } from '../../db/database.ts'
import { type KeptTax, keptTreatment } from './line-tax.ts'

/** What an invoice that is paid still holds of a service's money. */
export interface Funding {
  readonly invoiceId: string
  /** Its line for the service itself, beside setup, discount and credit. */
  readonly lineId: string
  /** Net of what was taken off it and given back of it; at most what that line bears. */
  readonly availableMinor: Minor
  /** The periods that stand whose money is among it. */
  readonly periodIds: readonly string[]
  /** How that line was taxed. */
  readonly tax: TaxTreatment
}

// The periods that stand, and those that changes put them in the place of: what was left of these is in their price. What
// was paid for time that is over stands in for nothing, nor does a setup. The first line of an invoice for a service is the
// service itself, another that adds to it is its setup. Of a discount on both, its period knows which part is whose. Of an
// invoice whose payments were given back in part, each line holds its share of the rest, less what the rounding of its tax
// can come to: a credit note for it must not ask for more than there is.
const fundingText = `
with recursive standing as (
  select b.id as root_id, b.id, b.line_id, b.reason, b.starts_at, b.ends_at from billed_period b
  where b.service_id = $2 and b.released_at is null
    and coalesce(b.ended_at, b.ends_at) > greatest(b.starts_at, $3)
  union
  select s.root_id, b.id, b.line_id, b.reason, b.starts_at, b.ends_at from standing s join billed_period b
    on b.service_id = $2 and b.released_at is null and b.ended_at is not null and b.id < s.id
      and b.starts_at < s.ends_at and b.ends_at > s.starts_at
  where s.reason = 'upgrade'
), lines as (
  select l.invoice_id, l.id, l.net_minor,
    (select coalesce(sum(note.net_minor), 0) from invoice_line note where note.corrects_id = l.id) as back_minor,
    l.id = first_value(l.id) over (partition by l.invoice_id order by l.position) as is_item
  from invoice_line l
  where l.item_id = $2 and l.invoice_id in (
    select billed.invoice_id from standing join invoice_line billed on billed.id = standing.line_id
    union select ch.invoice_id from service_change ch where ch.service_id = $2 and ch.state = 'invoiced')
), holding as (
  select invoice_id, min(id) filter (where is_item) as item_id, sum(net_minor - back_minor) filter (where is_item) as item_minor,
    coalesce((
      select sum(b.net_minor) from billed_period b join invoice_line billed on billed.id = b.line_id
      where b.service_id = $2 and billed.invoice_id = lines.invoice_id and b.reason <> 'upgrade' and b.released_at is null
    ), sum(net_minor)) - sum(back_minor) as left_minor
  from lines where is_item or net_minor < 0 group by invoice_id
)
select i.id::text as "invoiceId", holding.item_id::text as "lineId", least(item_minor,
    floor(left_minor * least(i.paid_minor - given.back, bears.minor) / nullif(bears.minor, 0))
    - case when i.total_minor > i.subtotal_minor and i.paid_minor - given.back < bears.minor then 2 else 0 end)::text as "availableMinor",
  array(select distinct root_id::text from standing join invoice_line billed on billed.id = standing.line_id
    where billed.invoice_id = i.id) as "periodIds",
  i.tax as groups, i.tax_inclusive as inclusive, item.taxed
from invoice i
join holding on holding.invoice_id = i.id
join invoice_line item on item.id = holding.item_id
cross join lateral (
  select coalesce(sum(case p.ledger when 'refunds' then p.amount_minor else -p.amount_minor end), 0) as back
  from ledger_posting p join ledger_entry e on e.id = p.entry_id
  where p.invoice_id = i.id and (e.event, p.ledger) in (('payment.refund', 'refunds'), ('credit_note.issue', 'credit'))
) given
cross join lateral (
  select i.total_minor - coalesce(sum(note.total_minor), 0) as minor from invoice note where note.corrects_id = i.id
) bears
where i.account_id = $1 and i.kind = 'invoice' and i.status = 'Paid'
order by i.id desc`

/**
 * Where the money is that was paid for what is left of a service after a moment and not given back, newest first. What a
 * change credits is taken from here, so no sequence of changes can give more than was paid.
 */
export async function fundingOf(db: Queryable, accountId: string, serviceId: string, after: Date): Promise<Funding[]> {
  const rows = await runSql<FundingRow>(db, fundingText, [accountId, serviceId, after])
  return rows
    .map(({ groups, inclusive, taxed, availableMinor, ...row }) => ({
      ...row,
      availableMinor: BigInt(availableMinor),
      tax: keptTreatment({ groups, inclusive }, taxed),
    }))
    .filter(row => row.availableMinor > 0n)
}

interface FundingRow extends Pick<Funding, 'invoiceId' | 'lineId' | 'periodIds'>, KeptTax {
  readonly availableMinor: string
  readonly taxed: boolean
}

/** What an upgrade's invoice bills for a service: its line, what was taken off for what was paid before, and their tax. */
export interface UpgradeLines {
  readonly lineId: string
  readonly netMinor: Minor
  readonly creditMinor: Minor
  readonly tax: TaxTreatment
}

export async function upgradeLines(db: Queryable, invoiceId: string, serviceId: string): Promise<UpgradeLines> {
  const rows = await runSql<{ id: string; type: string; net: string; taxed: boolean } & KeptTax>(
    db,
    `select l.id::text as id, type, net_minor::text as net, taxed, i.tax as groups, i.tax_inclusive as inclusive
     from invoice_line l join invoice i on i.id = l.invoice_id
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
    tax: keptTreatment(item, item.taxed),
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
