import type { Day } from '@innkeeper/money'
import type { InvoiceRef } from '../../context.ts'
import { type Queryable, runSql, type Tx } from '../../db/database.ts'
import { takenBack } from '../billing/index.ts'
import type { Patience, Stage } from './dunning.ts'

/** An open invoice that its due day makes something of. */
export interface OverdueInvoice {
  /** For people and logs. */
  readonly name: string
  readonly id: string
  readonly accountId: string
  /** By when it is to be paid: its own day, or a later one since a payment of it was taken back. */
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

/**
 * Forgets what was sent and done about an invoice that is owed again: all of it happens anew. A late fee has been charged,
 * whatever was paid since.
 */
export async function forgetStages(tx: Tx, { id, accountId }: InvoiceRef): Promise<void> {
  await runSql(
    tx,
    `delete from dunning d using invoice i
     where i.id = d.invoice_id and i.id = $1 and i.account_id = $2 and d.stage <> 'late-fee'`,
    [id, accountId],
  )
}

// Along the index of unpaid invoices: a sweep of any length reads each once.
const shown = `'invoice ' || i.id as name, i.id::text as id, i.account_id::text as "accountId", i.pay_by::text as "dueOn"`
const open = `join account a on a.id = i.account_id
  where i.kind = 'invoice' and i.due_minor > 0 and a.parked_at is null and (i.pay_by, i.id) > ($1::date, $2::bigint)`
const placeOf = (after: OverdueInvoice | undefined) => [after?.dueOn ?? '-infinity', after?.id ?? '0']

/** Unpaid invoices that lack stages whose day has come, with these stages. A day before or at the issue makes none. */
export function invoicesLacking(
  db: Queryable,
  stages: readonly Stage[],
  today: Day,
  batch: Batch<OverdueInvoice>,
): Promise<(OverdueInvoice & { readonly stages: string[] })[]> {
  return runSql(db, lacking('s.days + i.pay_by > i.issued_on'), stageParameters(stages, today, batch))
}

/** The same of accounts with a card that is kept, without what was charged to one and is disputed. */
export function invoicesToCharge(
  db: Queryable,
  stages: readonly Stage[],
  today: Day,
  batch: Batch<OverdueInvoice>,
): Promise<(OverdueInvoice & { readonly stages: string[] })[]> {
  const withCard = 'exists (select from saved_card c where c.account_id = i.account_id and c.removed_at is null)'
  return runSql(db, lacking(`${withCard} and not ${takenBack('i.id')}`), stageParameters(stages, today, batch))
}

function lacking(and: string): string {
  return `select ${shown}, array_agg(s.stage order by s.days) as stages from invoice i
     join unnest($4::text[], $5::int[]) as s (stage, days) on i.pay_by + s.days <= $6::date
       and not exists (select from dunning d where d.invoice_id = i.id and d.stage = s.stage)
     ${open} and i.status = 'Unpaid' and ${and} group by i.id order by i.pay_by, i.id limit $3`
}

function stageParameters(stages: readonly Stage[], today: Day, { after, limit }: Batch<OverdueInvoice>): unknown[] {
  return [...placeOf(after), limit, stages.map(({ name }) => name), stages.map(({ days }) => days), today]
}

/** SQL: picks of the steps in `e` the last that an invoice has had, or should have had or is to have. */
export const lastStep = `left join dunning d on d.invoice_id = i.id and d.stage = e.stage
    where d.at is not null or (e.reminder and i.status = 'Unpaid' and e.days + i.pay_by > i.issued_on)
    order by e.days desc, e.reminder limit 1`

// The last step before this one has to be long enough ago, and the time in which nobody could pay does not count. Takes
// the parameters 4 to 8.
const patient = `i.pay_by <= $4::date and coalesce((
    select d.at is not null and greatest(d.at, a.unparked_at) < e.before
    from unnest($5::text[], $6::int[], $7::boolean[], $8::timestamptz[]) as e (stage, days, reminder, before)
    ${lastStep}), true)`

function patientParameters({ dueBy, earlier }: Patience, { after, limit }: Batch<OverdueInvoice>): unknown[] {
  return [
    ...[...placeOf(after), limit, dueBy],
    earlier.map(({ name }) => name),
    earlier.map(({ days }) => days),
    earlier.map(({ isReminder }) => isReminder),
    earlier.map(({ before }) => before),
  ]
}

/** SQL: the order `o` of the invoice `i` is cancelled in the end, and then nothing was late. */
export const nothingPaidFor = `o.invoice_id = i.id and o.status = 'Pending' and o.kind = 'order' and i.paid_minor = i.credit_minor`

/** Unpaid invoices that have been overdue for long enough, and lack a stage. */
export function invoicesOverdue(
  db: Queryable,
  patience: Patience,
  stage: string,
  batch: Batch<OverdueInvoice>,
): Promise<OverdueInvoice[]> {
  return runSql(
    db,
    `select ${shown} from invoice i ${open} and i.status = 'Unpaid' and ${patient}
       and not exists (select from dunning d where d.invoice_id = i.id and d.stage = $9)
       and ($9 <> 'late-fee' or i.late_fee_of_id is null and not exists (select from orders o where ${nothingPaidFor}))
     order by i.pay_by, i.id limit $3`,
    [...patientParameters(patience, batch), stage],
  )
}

/** SQL: services, the periods of theirs that are billed, and the lines that bill them. */
export const billed = `service s join billed_period b on b.service_id = s.id and b.released_at is null
  join invoice_line l on l.id = b.line_id`
const isOpen = `i.status in ('Unpaid', 'Collections')`

/**
 * Open invoices that have been overdue for long enough and bill services that run. Those in collections are found by the
 * services that nobody has paid for, since they only get more.
 */
export function invoicesToStop(
  db: Queryable,
  patience: Patience,
  now: Date,
  batch: Batch<OverdueInvoice>,
): Promise<OverdueInvoice[]> {
  return runSql(
    db,
    `with candidate as (
       select id from invoice where status = 'Unpaid' and pay_by <= $4::date and (pay_by, id) > ($1::date, $2::bigint)
       union select l.invoice_id from ${billed} where s.status = 'Active' and s.paid_until < $9::timestamptz)
     select ${shown} from candidate join invoice i on i.id = candidate.id ${open} and ${isOpen} and ${patient}
       and exists (select from ${billed} where l.invoice_id = i.id and s.status = 'Active')
     order by i.pay_by, i.id limit $3`,
    [...patientParameters(patience, batch), now],
  )
}

const wereStopped = (moment: string) =>
  `s.status = 'Suspended' and s.suspend_reason = 'overdue' and s.suspended_at < ${moment}::timestamptz`

/** Open invoices that have been overdue for long enough and bill services that were stopped for that before a moment. */
export function invoicesToEnd(
  db: Queryable,
  patience: Patience,
  before: Date,
  batch: Batch<OverdueInvoice>,
): Promise<OverdueInvoice[]> {
  return runSql(
    db,
    `select ${shown} from invoice i ${open} and ${isOpen} and ${patient}
       and (a.unparked_at is null or a.unparked_at < $9::timestamptz)
       and i.id in (select l.invoice_id from ${billed} where ${wereStopped('$9')})
     order by i.pay_by, i.id limit $3`,
    [...patientParameters(patience, batch), before],
  )
}

/** The services of one such invoice that run, seen again under the lock of the account. */
export function runningServices(tx: Tx, invoice: OverdueInvoice): Promise<string[]> {
  return billedIn(tx, invoice, `s.status = 'Active'`, [])
}

/** The same of those that were stopped before a moment. */
export function stoppedServices(tx: Tx, invoice: OverdueInvoice, before: Date): Promise<string[]> {
  return billedIn(tx, invoice, wereStopped('$4'), [before])
}

async function billedIn(
  tx: Tx,
  { id, accountId, dueOn }: OverdueInvoice,
  state: string,
  parameters: readonly unknown[],
): Promise<string[]> {
  const rows = await runSql<{ id: string }>(
    tx,
    `select distinct s.id from ${billed} join invoice i on i.id = l.invoice_id
     where i.id = $1 and i.account_id = $2 and i.pay_by = $3::date and ${isOpen} and i.due_minor > 0 and ${state}
     order by s.id`,
    [id, accountId, dueOn, ...parameters],
  )
  return rows.map(row => row.id)
}

/** Orders that nothing was paid for but with credit, which goes back, and whose invoice has been overdue for long enough. */
export function unpaidOrders(
  db: Queryable,
  patience: Patience,
  batch: Batch<OverdueInvoice>,
): Promise<(OverdueInvoice & { readonly orderId: string })[]> {
  return runSql(
    db,
    `select ${shown}, o.id::text as "orderId" from invoice i join orders o on ${nothingPaidFor} ${open}
       and i.status = 'Unpaid' and ${patient}
     order by i.pay_by, i.id limit $3`,
    patientParameters(patience, batch),
  )
}

/** Locks an invoice that is due still, by the same day; false where it is not, or somebody pays it at this moment. */
export async function lockOpenInvoice(tx: Tx, { id, accountId, dueOn }: OverdueInvoice): Promise<boolean> {
  const rows = await runSql(
    tx,
    `select 1 from invoice where id = $1 and account_id = $2 and status = 'Unpaid' and due_minor > 0 and pay_by = $3::date
     for no key update skip locked`,
    [id, accountId, dueOn],
  )
  return rows.length > 0
}
