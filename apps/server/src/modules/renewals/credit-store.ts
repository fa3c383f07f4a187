import { type Queryable, runSql, type Tx } from '../../db/database.ts'

const owed = `i.kind = 'invoice' and i.status = 'Unpaid' and i.due_minor > 0`

/** Sound accounts after one that want their credit spent, have some and owe something. */
export function accountsToSettle(
  db: Queryable,
  after: string,
  limit: number,
): Promise<{ readonly id: string; readonly name: string }[]> {
  return runSql(
    db,
    `with owing as (select distinct i.account_id, i.currency from invoice i where ${owed} and i.account_id > $1)
     select a.id::text as id, 'account ' || a.id as name from owing join account a on a.id = owing.account_id
     where a.auto_apply_credit and a.parked_at is null
       and (select coalesce(sum(amount_minor), 0) from ledger_posting
         where account_id = a.id and ledger = 'credit' and currency = owing.currency) < 0
     order by a.id limit $2`,
    [after, limit],
  )
}

/** What an account whose money is locked owes, the first due first. */
export async function unpaidInvoices(tx: Tx, accountId: string): Promise<string[]> {
  const rows = await runSql<{ id: string }>(
    tx,
    `select i.id from invoice i where i.account_id = $1 and ${owed} order by i.pay_by, i.id`,
    [accountId],
  )
  return rows.map(({ id }) => id)
}
