import type { Day } from '@innkeeper/money'
import type { InvoiceRef } from '../../context.ts'
import { runSql, type Tx } from '../../db/database.ts'

/** What a draft says of the day that it is issued on. */
export interface Issue {
  readonly issuedOn: Day
  readonly dueOn: Day
  readonly seller: unknown
  readonly buyer: unknown
}

/** Gives a draft the day, the parties and the rate of today; its lines and amounts stay. */
export async function dateDraft(tx: Tx, ref: InvoiceRef, { issuedOn, dueOn, seller, buyer }: Issue): Promise<void> {
  await runSql(
    tx,
    `update invoice set issued_on = $3::date, original_on = $3::date, due_on = $4::date, seller = $5, buyer = $6,
       rate = currency.rate
     from currency where currency.code = invoice.currency and account_id = $1 and id = $2 and status = 'Draft'`,
    [ref.accountId, ref.id, issuedOn, dueOn, JSON.stringify(seller), JSON.stringify(buyer)],
  )
}

/** Removes a draft with its lines. */
export async function deleteInvoice(tx: Tx, ref: InvoiceRef): Promise<void> {
  await tx.deleteFrom('invoice_line').where('invoice_id', '=', ref.id).execute()
  await tx.deleteFrom('invoice').where('account_id', '=', ref.accountId).where('id', '=', ref.id).execute()
}
