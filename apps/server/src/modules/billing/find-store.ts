import type { Minor } from '@innkeeper/money'
import type { InvoiceRef } from '../../context.ts'
import { type Queryable, runSql } from '../../db/database.ts'
import { reversedOf } from './payment-store.ts'

/*
 * What money of unknown origin may be meant for, over all accounts. Drafts and credit notes are owed by nobody.
 */

export interface NamedInvoice extends InvoiceRef {
  readonly currency: string
  /** By its id; else by its number, final or pro-forma, which other things may look like: days, invoices of others. */
  readonly isById: boolean
}

/** Invoices with one of these ids or numbers, in whatever state. */
export async function invoicesNamed(
  db: Queryable,
  { ids, numbers }: { readonly ids: readonly string[]; readonly numbers: readonly string[] },
): Promise<NamedInvoice[]> {
  return runSql(
    db,
    `select id, account_id as "accountId", currency, id = any($1::bigint[]) as "isById" from invoice
     where (id = any($1::bigint[]) or number = any($2) or proforma_number = any($2)) and status <> 'Draft'
       and kind = 'invoice' order by id`,
    [ids, numbers],
  )
}

/** Open invoices of which exactly this is due and whose buyer has this name, company or person. At most two. */
export async function openInvoicesOf(
  db: Queryable,
  { payer, dueMinor, currency }: { readonly payer: string; readonly dueMinor: Minor; readonly currency: string },
): Promise<InvoiceRef[]> {
  return runSql(
    db,
    `select id, account_id as "accountId" from invoice
     where status in ('Unpaid', 'Collections') and kind = 'invoice' and currency = $3
       and due_minor = $2
       and lower($1) in (lower(buyer->>'companyname'), lower(concat_ws(' ', buyer->>'firstname', buyer->>'lastname')))
     order by id limit 2`,
    [payer, String(dueMinor), currency],
  )
}

interface Reversible {
  readonly gateway: string
  readonly amountMinor: Minor
  readonly exactly: boolean
}

/** Payments of an invoice by a gateway of which so much, or more unless `exactly`, was not taken back yet, the newest first. */
export async function reversiblePayments(
  db: Queryable,
  { id, accountId }: InvoiceRef,
  { gateway, amountMinor, exactly }: Reversible,
): Promise<string[]> {
  const rows = await runSql<{ id: string }>(
    db,
    `select id from payment where account_id = $1 and invoice_id = $2 and gateway = $3 and kind = 'payment'
       and amount_minor - ${reversedOf('amount_minor')} ${exactly ? '=' : '>='} $4
     order by id desc`,
    [accountId, id, gateway, String(amountMinor)],
  )
  return rows.map(row => row.id)
}
