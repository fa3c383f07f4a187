import type { InvoiceRef } from '../../context.ts'
import { runSql, type Tx } from '../../db/database.ts'
import type { Patience } from './dunning.ts'
import { billed, lastStep, nothingPaidFor } from './dunning-store.ts'

/** What hangs on an invoice: whether services run that it bills, and whether an order waits for it. */
export async function hangingOn(
  tx: Tx,
  { id, accountId }: InvoiceRef,
): Promise<{ readonly services: boolean; readonly order: boolean } | undefined> {
  const rows = await runSql<{ services: boolean; order: boolean }>(
    tx,
    `select exists (select from ${billed} where l.invoice_id = i.id and s.status = 'Active') as services,
       exists (select from orders o where ${nothingPaidFor}) as "order"
     from invoice i where i.id = $1 and i.account_id = $2`,
    [id, accountId],
  )
  return rows[0]
}

/** The last step that an invoice has had before another, and since when its time counts; undefined: that is to come. */
export async function lastStepBefore(
  tx: Tx,
  { id, accountId }: InvoiceRef,
  { earlier }: Patience,
): Promise<{ readonly days: number; readonly since: Date } | undefined> {
  const rows = await runSql<{ days: number; at: Date | null; since: Date }>(
    tx,
    `select e.days, d.at, greatest(d.at, a.unparked_at) as since
     from (select * from invoice where id = $1 and account_id = $2) i join account a on a.id = i.account_id
     cross join unnest($3::text[], $4::int[], $5::boolean[]) as e (stage, days, reminder) ${lastStep}`,
    [
      ...[id, accountId, earlier.map(({ name }) => name)],
      ...[earlier.map(({ days }) => days), earlier.map(({ isReminder }) => isReminder)],
    ],
  )
  return rows.find(({ at }) => at !== null)
}
