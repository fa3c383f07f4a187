import { runSql, type Tx } from '../../db/database.ts'

/** What a letter about an invoice says. */
export interface LetterFacts {
  readonly number: string
  readonly status: string
  readonly dueOn: string
  readonly dueMinor: bigint
  readonly totalMinor: bigint
  readonly currency: string
  readonly exponent: 0 | 2 | 3
  /** The owner, and the contacts who get billing mail. */
  readonly recipients: readonly { readonly email: string; readonly name: string }[]
}

type Row = Omit<LetterFacts, 'dueMinor' | 'totalMinor'> & { readonly dueMinor: string; readonly totalMinor: string }

/** Undefined: the account has no such invoice. */
export async function letterFacts(tx: Tx, accountId: string, invoiceId: string): Promise<LetterFacts | undefined> {
  const [row] = await runSql<Row>(
    tx,
    `select coalesce(i.number, i.proforma_number, '#' || i.id) as number, i.status, i.due_on::text as "dueOn",
       i.due_minor as "dueMinor", i.total_minor as "totalMinor", c.code as currency, c.exponent,
       coalesce((select json_agg(json_build_object('email', p.email, 'name', trim(p.firstname || ' ' || p.lastname))
           order by p.id) from profile p
         where p.account_id = i.account_id and (p.owner or p.privileges -> 'billing' ? 'emails')), '[]') as recipients
     from invoice i join currency c on c.code = i.currency where i.id = $1 and i.account_id = $2`,
    [invoiceId, accountId],
  )
  return row === undefined ? undefined : { ...row, dueMinor: BigInt(row.dueMinor), totalMinor: BigInt(row.totalMinor) }
}
