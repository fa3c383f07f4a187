import { runSql, type Tx } from '../../db/database.ts'

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

/** Whether the owner of a document was told of it. */
export async function wasToldOf(tx: Tx, invoiceId: string): Promise<boolean> {
  const rows = await runSql(tx, `select 1 from dunning where invoice_id = $1 and stage = 'issued'`, [invoiceId])
  return rows.length > 0
}
