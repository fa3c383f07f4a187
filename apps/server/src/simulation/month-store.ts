import type { Day } from '@innkeeper/money'
import { type Db, runSql } from '../db/database.ts'

/** What happened in a month, and how things stand at its end. */
export interface Month {
  readonly active: number
  readonly suspended: number
  readonly ended: number
  readonly orders: number
  readonly changes: number
  readonly invoices: number
  readonly billed: string
  readonly paid: string
  readonly open: string
  readonly letters: number
}

/** Days from the first, before the last. Amounts are of the provider's own currency. */
export async function monthFigures(db: Db, from: Day, to: Day): Promise<Month> {
  const [row] = await runSql<Month>(
    db,
    `select
       (select count(*)::int from service where status = 'Active') as active,
       (select count(*)::int from service where status = 'Suspended') as suspended,
       (select count(*)::int from service where ended_at >= $1::date and ended_at < $2::date) as ended,
       (select count(*)::int from orders where kind = 'order' and created_at >= $1::date and created_at < $2::date) as orders,
       (select count(*)::int from service_change where created_at >= $1::date and created_at < $2::date) as changes,
       (select count(*)::int from invoice where issued_on >= $1::date and issued_on < $2::date) as invoices,
       (select (coalesce(sum(total_minor), 0) / 100.0)::numeric(12, 2) from invoice
        where kind = 'invoice' and issued_on >= $1::date and issued_on < $2::date) as billed,
       (select (coalesce(sum(amount_minor), 0) / 100.0)::numeric(12, 2) from payment
        where kind = 'payment' and at >= $1::date and at < $2::date) as paid,
       (select (coalesce(sum(due_minor), 0) / 100.0)::numeric(12, 2) from invoice
        where status in ('Unpaid', 'Collections')) as open,
       (select count(*)::int from dunning where at >= $1::date and at < $2::date)
         + (select count(*)::int from invoice where told_at >= $1::date and told_at < $2::date) as letters`,
    [from, to],
  )
  if (row === undefined) throw new Error('no figures')
  return row
}

/** Mails and other jobs that nobody runs here. */
export async function dropJobs(db: Db): Promise<void> {
  await runSql(db, 'delete from graphile_worker._private_jobs')
}
