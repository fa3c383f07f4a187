import type { Day } from '@innkeeper/money'
import type { InvoiceRef } from '../../context.ts'
import { type Queryable, runSql, type Tx } from '../../db/database.ts'
import type { Stage } from './dunning.ts'

/** An open invoice that its due day makes something of. */
export interface OverdueInvoice {
  /** For people and logs. */
  readonly name: string
  readonly id: string
  readonly accountId: string
  readonly dueOn: Day
}

/** Where a batch begins, and how long it is. */
export interface Batch<T> {
  readonly after: T | undefined
  readonly limit: number
}

/**
 * Takes stages of an invoice for the caller to act on, once for ever: of several who try, one gets each. It belongs into
 * the transaction of the act, so that neither is there without the other.
 */
export async function takeStages(tx: Tx, invoiceId: string, stages: readonly string[], at: Date): Promise<Set<string>> {
  const rows = await runSql<{ stage: string }>(
    tx,
    `insert into dunning (invoice_id, stage, at) select $1, stage, $3 from unnest($2::text[]) as wanted (stage)
     on conflict (invoice_id, stage) do nothing returning stage`,
    [invoiceId, stages, at],
  )
  return new Set(rows.map(({ stage }) => stage))
}

// Along the index of open invoices: a sweep of any length reads each once.
const shown = `'invoice ' || i.id as name, i.id::text as id, i.account_id::text as "accountId", i.due_on::text as "dueOn"`
const open = `join account a on a.id = i.account_id
  where i.kind = 'invoice' and i.due_minor > 0 and a.parked_at is null and (i.due_on, i.id) > ($1::date, $2::bigint)`
const placeOf = (after: OverdueInvoice | undefined) => [after?.dueOn ?? '-infinity', after?.id ?? '0']

/** Unpaid invoices that lack stages whose day has come, with these stages. A day before or at the issue makes none. */
export function invoicesLacking(
  db: Queryable,
  stages: readonly Stage[],
  today: Day,
  batch: Batch<OverdueInvoice>,
): Promise<(OverdueInvoice & { readonly stages: string[] })[]> {
  return runSql(db, lacking('s.days + i.due_on > i.issued_on'), stageParameters(stages, today, batch))
}

/** The same of accounts with a card that is kept. */
export function invoicesToCharge(
  db: Queryable,
  stages: readonly Stage[],
  today: Day,
  batch: Batch<OverdueInvoice>,
): Promise<(OverdueInvoice & { readonly stages: string[] })[]> {
  const withCard = 'exists (select from saved_card c where c.account_id = i.account_id and c.removed_at is null)'
  return runSql(db, lacking(withCard), stageParameters(stages, today, batch))
}

function lacking(and: string): string {
  return `select ${shown}, array_agg(s.stage order by s.days) as stages from invoice i
     join unnest($4::text[], $5::int[]) as s (stage, days) on i.due_on + s.days <= $6::date
       and not exists (select from dunning d where d.invoice_id = i.id and d.stage = s.stage)
     ${open} and i.status = 'Unpaid' and ${and} group by i.id order by i.due_on, i.id limit $3`
}

function stageParameters(stages: readonly Stage[], today: Day, { after, limit }: Batch<OverdueInvoice>): unknown[] {
  return [...placeOf(after), limit, stages.map(({ name }) => name), stages.map(({ days }) => days), today]
}

/** Unpaid invoices that were due by a day, and lack a stage. */
export function invoicesOverdue(
  db: Queryable,
  dueBy: Day,
  stage: string,
  { after, limit }: Batch<OverdueInvoice>,
): Promise<OverdueInvoice[]> {
  return runSql(
    db,
    `select ${shown} from invoice i ${open} and i.status = 'Unpaid' and i.due_on <= $4::date
       and not exists (select from dunning d where d.invoice_id = i.id and d.stage = $5)
       and ($5 <> 'late-fee' or i.late_fee_of_id is null)
     order by i.due_on, i.id limit $3`,
    [...placeOf(after), limit, dueBy, stage],
  )
}

const billing = (status: string) => `from invoice_line l join billed_period b on b.line_id = l.id
  join service s on s.id = b.service_id
  where l.invoice_id = i.id and b.released_at is null and s.status = '${status}'
    and (s.suspend_reason is null or s.suspend_reason = 'overdue')`

/** Open invoices that were due by a day and bill services that are in a state still. */
export function invoicesOfServices(
  db: Queryable,
  dueBy: Day,
  status: 'Active' | 'Suspended',
  { after, limit }: Batch<OverdueInvoice>,
): Promise<OverdueInvoice[]> {
  return runSql(
    db,
    `select ${shown} from invoice i ${open} and i.status in ('Unpaid', 'Collections') and i.due_on <= $4::date
       and exists (select ${billing(status)})
     order by i.due_on, i.id limit $3`,
    [...placeOf(after), limit, dueBy],
  )
}

/** The services of one such invoice, seen again under the lock of the account. */
export async function overdueServices(
  tx: Tx,
  { id, accountId }: InvoiceRef,
  status: 'Active' | 'Suspended',
): Promise<string[]> {
  const rows = await runSql<{ id: string }>(
    tx,
    `select distinct s.id from invoice i
     join lateral (select s.id ${billing(status)}) s on true
     where i.id = $1 and i.account_id = $2 and i.status in ('Unpaid', 'Collections') and i.due_minor > 0 order by s.id`,
    [id, accountId],
  )
  return rows.map(row => row.id)
}

/** Orders that nothing was paid for but with credit, which goes back, and whose invoice was due by a day. */
export function unpaidOrders(
  db: Queryable,
  dueBy: Day,
  { after, limit }: Batch<OverdueInvoice>,
): Promise<(OverdueInvoice & { readonly orderId: string })[]> {
  return runSql(
    db,
    `select ${shown}, o.id::text as "orderId" from invoice i join orders o on o.invoice_id = i.id ${open}
       and i.status = 'Unpaid' and i.paid_minor = i.credit_minor and i.due_on <= $4::date and o.status = 'Pending' and o.kind = 'order'
     order by i.due_on, i.id limit $3`,
    [...placeOf(after), limit, dueBy],
  )
}

/** Locks an invoice that is still open; false where it is not, or somebody pays it at this moment. */
export async function lockOpenInvoice(tx: Tx, { id, accountId }: InvoiceRef): Promise<boolean> {
  const rows = await runSql(
    tx,
    `select 1 from invoice where id = $1 and account_id = $2 and status = 'Unpaid' and due_minor > 0
     for no key update skip locked`,
    [id, accountId],
  )
  return rows.length > 0
}
