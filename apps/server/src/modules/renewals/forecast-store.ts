import type { InvoiceRef } from '../../context.ts'
import { runSql, type Tx } from '../../db/database.ts'
import type { Patience } from './dunning.ts'
import { billed, lastStep } from './dunning-store.ts'

/** Whether services run that an invoice bills, and would be stopped for it. */
export async function billsRunning(tx: Tx, { id, accountId }: InvoiceRef): Promise<boolean> {
  const rows = await runSql(
    tx,
    `select 1 from ${billed} where l.invoice_id = $1 and s.account_id = $2 and s.status = 'Active' limit 1`,
    [id, accountId],
  )
  return rows.length > 0
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
