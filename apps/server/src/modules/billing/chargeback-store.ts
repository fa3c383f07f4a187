import type { InvoiceRef } from '../../context.ts'
import { type Queryable, runSql } from '../../db/database.ts'

/** SQL: whether a payment of the invoice was taken back, and the money has not come back under the name of that. */
export function takenBack(invoiceId: string): string {
  return `exists (select from payment back where back.invoice_id = ${invoiceId} and back.kind = 'chargeback'
    and not exists (select from payment again where again.gateway = back.gateway and again.external_id = back.external_id
      and again.kind = 'payment'))`
}

/** The same of one invoice: whoever charges a card for it anew may be charging twice. */
export async function wasTakenBack(db: Queryable, { id, accountId }: InvoiceRef): Promise<boolean> {
  const rows = await runSql(
    db,
    `select 1 from invoice where id = $1 and account_id = $2 and ${takenBack('invoice.id')}`,
    [id, accountId],
  )
  return rows.length > 0
}
