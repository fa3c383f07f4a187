import { sql } from 'kysely'
import { type Queryable, runSql } from '../../db/database.ts'
import type { Slice } from './listing.ts'

/*
 * What the staff sees of clients, over the tables of several modules. Read only: whatever changes something is a use case
 * of the module that owns the table.
 */

const clientFields = [
  'account.id',
  'account.status',
  'profile.email',
  'profile.firstname',
  'profile.lastname',
  'profile.companyname',
  'profile.country',
  'account.currency',
  'account.created_at',
  'account.parked_at',
  'account.parked_reason',
] as const

export interface ClientFilter {
  readonly search?: string | undefined
  readonly status?: string | undefined
  readonly parked?: boolean | undefined
}

export function selectClients(db: Queryable, { search, status, parked }: ClientFilter, slice: Slice) {
  const text = `%${(search ?? '').replaceAll(/[\\%_]/g, '\\$&')}%`
  const name = sql<string>`profile.firstname || ' ' || profile.lastname`
  return db
    .selectFrom('account')
    .innerJoin('profile', join => join.onRef('profile.account_id', '=', 'account.id').on('profile.owner', '=', true))
    .select(clientFields)
    .where(eb =>
      eb.and([
        ...(slice.before === undefined ? [] : [eb('account.id', '<', slice.before)]),
        ...(status === undefined ? [] : [eb('account.status', '=', status)]),
        ...(parked === undefined ? [] : [eb('account.parked_at', parked ? 'is not' : 'is', null)]),
        ...(search === undefined
          ? []
          : [
              eb.or([
                ...(/^\d{1,18}$/.test(search) ? [eb('account.id', '=', search)] : []),
                eb('profile.email', 'ilike', text),
                eb('profile.companyname', 'ilike', text),
                eb(name, 'ilike', text),
              ]),
            ]),
      ]),
    )
    .orderBy('account.id', 'desc')
    .limit(slice.limit)
    .execute()
}

export function selectClient(db: Queryable, id: string) {
  return db
    .selectFrom('account')
    .innerJoin('profile', join => join.onRef('profile.account_id', '=', 'account.id').on('profile.owner', '=', true))
    .select(clientFields)
    .select([
      'profile.address1',
      'profile.address2',
      'profile.city',
      'profile.state',
      'profile.postcode',
      'profile.phonenumber',
      'profile.vateu',
      'account.tax_exempt',
      'account.auto_apply_credit',
      sql<string>`(select count(*) from profile as contact where contact.account_id = account.id and not contact.owner)`.as(
        'contacts',
      ),
    ])
    .where('account.id', '=', id)
    .executeTakeFirst()
}

/** How many services, invoices and orders the client has in each state. */
export async function countOfClient(db: Queryable, id: string) {
  const rows = await runSql<{ what: 'service' | 'invoice' | 'orders'; status: string; count: string }>(
    db,
    `select 'service' as what, status, count(*) from service where account_id = $1 group by status
     union all select 'invoice', status, count(*) from invoice where account_id = $1 and kind = 'invoice' group by status
     union all select 'orders', status, count(*) from orders where account_id = $1 group by status`,
    [id],
  )
  return (what: 'service' | 'invoice' | 'orders', status: string) =>
    Number(rows.find(row => row.what === what && row.status === status)?.count ?? 0)
}

/** Whether something was ordered, billed or booked for the account, or is priced for it: all of that is in its currency. */
export async function hasMoney(db: Queryable, id: string): Promise<boolean> {
  const [row] = await runSql<{ has: boolean }>(
    db,
    `select exists (select from invoice where account_id = $1) or exists (select from orders where account_id = $1)
       or exists (select from ledger_posting where account_id = $1)
       or exists (select from service where account_id = $1 and price_minor > 0) as has`,
    [id],
  )
  return row?.has ?? false
}
