import { type Queryable, runSql, type Tx } from '../../db/database.ts'
import { type LockedAccount, lockAccount } from '../billing/index.ts'

/** A service whose next invoice is due. */
export interface DueService {
  readonly name: string
  readonly id: string
  readonly accountId: string
  readonly nextInvoiceAt: Date
}

/** Services to renew, along the index of what is due: a sweep of any length reads each once. */
export function dueServices(
  db: Queryable,
  now: Date,
  after: DueService | undefined,
  limit: number,
): Promise<DueService[]> {
  return runSql(
    db,
    `select 'account ' || s.account_id as name, s.id, s.account_id as "accountId", s.next_invoice_at as "nextInvoiceAt"
     from service s join account a on a.id = s.account_id
     where s.status = 'Active' and s.next_invoice_at is not null and s.next_invoice_at <= $1 and a.parked_at is null
       and (s.next_invoice_at, s.id) > ($2::timestamptz, $3::bigint)
     order by s.next_invoice_at, s.id limit $4`,
    [now, after?.nextInvoiceAt ?? '-infinity', after?.id ?? '0', limit],
  )
}

/**
 * Locks the money of an account, once nobody else has it: who has it may be about something else, or be killed before it
 * commits. Undefined where it is parked.
 */
export async function lockSoundAccount(tx: Tx, accountId: string): Promise<LockedAccount | undefined> {
  const account = await lockAccount(tx, accountId)
  return account.parkedAt === null ? account : undefined
}

/** Ids of what is due of an account whose money is locked, the longest due first. */
export async function dueOfAccount(tx: Tx, accountId: string, now: Date, limit: number): Promise<string[]> {
  const rows = await runSql<{ id: string }>(
    tx,
    `select id from service where account_id = $1 and status = 'Active' and next_invoice_at <= $2
     order by next_invoice_at, id limit $3`,
    [accountId, now, limit],
  )
  return rows.map(({ id }) => id)
}
