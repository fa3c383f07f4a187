import type { InvoiceRef } from '../../context.ts'
import { type Queryable, runSql, type Tx } from '../../db/database.ts'

export interface Recipient {
  readonly email: string
  readonly name: string
}

/** The owner of an account, and the contacts who get billing mail. */
export function recipientsOf(tx: Tx, accountId: string): Promise<Recipient[]> {
  return runSql(
    tx,
    `select email, trim(firstname || ' ' || lastname) as name from profile
     where account_id = $1 and (owner or privileges -> 'billing' ? 'emails') order by id`,
    [accountId],
  )
}

/** A document that nobody was told of yet. */
export interface UntoldDocument extends InvoiceRef {
  readonly name: string
}

/** One that somebody is to be told of now. */
export interface ToldDocument {
  readonly kind: 'invoice' | 'credit_note'
  readonly status: string
}

/** Along the index of what is untold: where there is nothing, nothing is read. Parked accounts are told of theirs later. */
export function untoldDocuments(
  db: Queryable,
  after: UntoldDocument | undefined,
  limit: number,
): Promise<UntoldDocument[]> {
  return runSql(
    db,
    `select 'document ' || i.id as name, i.id, i.account_id as "accountId" from invoice i
     join account a on a.id = i.account_id and a.parked_at is null
     where i.told_at is null and i.finalised_at is not null and i.id > $1::bigint order by i.id limit $2`,
    [after?.id ?? '0', limit],
  )
}

/**
 * Takes it upon the caller to tell of a document, once for ever; in the transaction that writes the letter. Of what was
 * cancelled before anybody heard of it, nobody hears by its credit note either, which waits until that is decided.
 * Undefined: there is nothing to tell.
 */
export async function takeTelling(tx: Tx, { id, accountId }: InvoiceRef, at: Date): Promise<ToldDocument | undefined> {
  const rows = await runSql<ToldDocument>(
    tx,
    `with told as (
       update invoice set told_at = $3
       where id = $1 and account_id = $2 and told_at is null and finalised_at is not null
         and not exists (select from invoice other where other.id = invoice.corrects_id and other.told_at is null)
       returning id, kind, status
     ), notes as (
       update invoice note set told_at = $3 from told
       where note.corrects_id = told.id and told.status = 'Cancelled' and note.told_at is null
     )
     select kind, status from told`,
    [id, accountId, at],
  )
  return rows[0]
}
