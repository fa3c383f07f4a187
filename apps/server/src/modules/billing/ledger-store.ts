import type { Minor } from '@innkeeper/money'
import { type Queryable, runSql, type Tx } from '../../db/database.ts'
import type { Entry } from './ledger.ts'

/**
 * The first parts of a statement that writes an entry with its postings, and maybe more beside it: each round trip while
 * the account is locked is one that others wait for. Takes six parameters from `$first` on, see {@link entryParameters}.
 */
export function entryParts(first: number): string {
  const at = (offset: number) => `$${first + offset}`
  return `entry as (
    insert into ledger_entry (at, event, key, description)
    select ${at(0)}::timestamptz, ${at(1)}::text, ${at(2)}::text, ${at(3)}::text where ${at(1)}::text is not null
    on conflict (key) do nothing returning id
  ), posted as (
    insert into ledger_posting (entry_id, ledger, account_id, invoice_id, currency, amount_minor)
    select entry.id, posting.ledger, posting.account_id, posting.invoice_id, ${at(4)}::text, posting.amount_minor
    from entry, jsonb_to_recordset(${at(5)}::jsonb)
      as posting (ledger text, account_id bigint, invoice_id bigint, amount_minor bigint)
  )`
}

/** Without an entry, the statement writes none. */
export function entryParameters(entry: Entry | undefined): unknown[] {
  if (entry === undefined) return [null, null, null, null, null, '[]']
  const { at, event, key, description, accountId, currency } = entry
  const postings = entry.postings
    .filter(posting => posting.amountMinor !== 0n)
    .map(({ ledger, amountMinor, invoiceId }) => ({
      ledger,
      account_id: accountId,
      invoice_id: invoiceId ?? null,
      amount_minor: String(amountMinor),
    }))
  return [at, event, key, description, currency, JSON.stringify(postings)]
}

/** Writes an entry alone. False: one with its key is there already. */
export async function insertEntry(tx: Tx, entry: Entry): Promise<boolean> {
  return (await runSql(tx, `with ${entryParts(1)} select id from entry`, entryParameters(entry))).length > 0
}

/** What the client has to spend. */
export async function creditOf(db: Queryable, accountId: string, currency: string): Promise<Minor> {
  const rows = await runSql<{ credit: string }>(
    db,
    `select coalesce(-sum(amount_minor), 0)::text as credit from ledger_posting
     where account_id = $1 and ledger = 'credit' and currency = $2`,
    [accountId, currency],
  )
  return BigInt(rows[0]?.credit ?? 0)
}
