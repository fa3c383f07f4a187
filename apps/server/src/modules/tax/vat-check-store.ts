import type { Insertable } from 'kysely'
import { type Queryable, runSql, type Tx } from '../../db/database.ts'
import type { VatCheck } from '../../db/tables.gen.ts'

/** What is known of the VAT number that an account's owner has now. */
export interface KnownChecks {
  readonly vatNumber: string
  /** Of the last check; null: there was none. */
  readonly state: 'valid' | 'invalid' | 'unknown' | null
  readonly nextCheckAt: Date | null
  /** How many checks in a row had no answer, up to the last one. */
  readonly tries: number
  /** Once at least the answer was no. */
  readonly everInvalid: boolean
}

interface KnownRow {
  readonly vateu: string
  readonly state: KnownChecks['state']
  readonly next_check_at: Date | null
  readonly tries: number
  readonly ever_invalid: boolean
}

/** Undefined: there is no such account, or its owner has no VAT number. */
export async function checksOf(db: Queryable, accountId: string): Promise<KnownChecks | undefined> {
  const [row] = await runSql<KnownRow>(db, checksText, [accountId])
  if (row === undefined) return undefined
  return {
    vatNumber: row.vateu,
    state: row.state,
    nextCheckAt: row.next_check_at,
    tries: row.tries,
    everInvalid: row.ever_invalid,
  }
}

const checksText = `
  select p.vateu, newest.state, newest.next_check_at, unanswered.tries, coalesce(decided.ever_invalid, false) as ever_invalid
  from profile p
  left join lateral (
    select state, next_check_at from vat_check
    where account_id = p.account_id and vat_number = p.vateu order by id desc limit 1
  ) newest on true
  left join lateral (
    select max(id) as id, bool_or(state = 'invalid') as ever_invalid from vat_check
    where account_id = p.account_id and vat_number = p.vateu and state <> 'unknown'
  ) decided on true
  left join lateral (
    select count(*)::int as tries from vat_check
    where account_id = p.account_id and vat_number = p.vateu and id > coalesce(decided.id, 0)
  ) unanswered on true
  where p.account_id = $1 and p.owner and p.vateu <> ''`

type NewVatCheck = Omit<Insertable<VatCheck>, 'account_id'> & { readonly account_id: string }

/** Adds a check; it alone says when the number is to be asked about again. */
export async function insertVatCheck(tx: Tx, check: NewVatCheck): Promise<void> {
  await tx
    .updateTable('vat_check')
    .set({ next_check_at: null })
    .where('account_id', '=', check.account_id)
    .where('vat_number', '=', check.vat_number)
    .where('next_check_at', 'is not', null)
    .execute()
  await tx.insertInto('vat_check').values(check).execute()
}

/** Accounts whose owner has a number that nobody was asked about yet, or is to be asked about again. */
export async function accountsToCheck(
  db: Queryable,
  { at, prefixes, limit }: { at: Date; prefixes: readonly string[]; limit: number },
): Promise<string[]> {
  const rows = await runSql<{ account_id: string }>(db, dueText, [at, limit, prefixes])
  return rows.map(row => row.account_id)
}

const dueText = `
  select due.account_id from (
    select c.account_id, c.next_check_at as since from vat_check c
    join profile p on p.account_id = c.account_id and p.owner and p.vateu = c.vat_number
    where c.next_check_at <= $1
    union all
    select p.account_id, null from profile p
    where p.owner and p.vateu <> '' and left(p.vateu, 2) = any ($3::text[])
      and not exists (select 1 from vat_check c where c.account_id = p.account_id and c.vat_number = p.vateu)
  ) due
  join account a on a.id = due.account_id and a.status = 'Active'
  order by due.since nulls first limit $2`

/** Whether a number of the account is valid, and never was known not to be. */
export async function wasAlwaysValid(db: Queryable, accountId: string, vatNumber: string): Promise<boolean> {
  const [row] = await runSql<{ always: boolean | null }>(
    db,
    `select bool_and(state = 'valid') as always from vat_check
     where account_id = $1 and vat_number = $2 and state <> 'unknown'`,
    [accountId, vatNumber],
  )
  return row?.always === true
}
