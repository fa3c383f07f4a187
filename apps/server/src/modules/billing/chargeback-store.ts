import type { Minor } from '@innkeeper/money'
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

/** What the keys of entries begin with by which credit notes' credit went back to pay their invoice. */
export function takenBackKey(invoiceId: string): string {
  return `invoice:${invoiceId}:taken-back:`
}

/** What the credit notes of an invoice gave the client as credit, less what of that went back to pay it. */
export async function notedCreditOf(db: Queryable, { id, accountId }: InvoiceRef): Promise<Minor> {
  const rows = await runSql<{ noted: string }>(
    db,
    `select coalesce(-sum(amount_minor), 0) as noted
     from ledger_posting as posting join ledger_entry as entry on entry.id = posting.entry_id
     where invoice_id = $1 and account_id = $2 and ledger = 'credit'
       and (event = 'credit_note.issue' or (event = 'credit.apply' and starts_with(key, $3)))`,
    [id, accountId, takenBackKey(id)],
  )
  return BigInt(rows[0]?.noted ?? 0)
}
