import { type Queryable, runSql, type Tx } from '../../db/database.ts'

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
 * Locks the money of an account, unless somebody else has it now: whoever that is does what is due, or the next sweep
 * does. Undefined also where it is parked.
 */
export async function claimAccount(tx: Tx, accountId: string): Promise<boolean> {
  const rows = await runSql(
    tx,
    `select 1 from account where id = $1 and parked_at is null for no key update skip locked`,
    [accountId],
  )
  return rows.length > 0
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

/** A period that stands and lies across another that is to be billed. */
export interface Overlap {
  readonly serviceId: string
  readonly startsAt: Date
  readonly endsAt: Date
}

/** Billing these would bill time twice. Empty: it would not. */
export function overlaps(
  tx: Tx,
  periods: readonly { readonly serviceId: string; readonly startsAt: Date; readonly endsAt: Date }[],
): Promise<Overlap[]> {
  return runSql(
    tx,
    `select b.service_id as "serviceId", b.starts_at as "startsAt", b.ends_at as "endsAt"
     from unnest($1::bigint[], $2::timestamptz[], $3::timestamptz[]) as wanted (service_id, starts_at, ends_at)
     join billed_period b on b.service_id = wanted.service_id and b.released_at is null and b.ended_at is null
       and b.starts_at < wanted.ends_at and b.ends_at > wanted.starts_at`,
    [
      periods.map(({ serviceId }) => serviceId),
      periods.map(({ startsAt }) => startsAt),
      periods.map(({ endsAt }) => endsAt),
    ],
  )
}
