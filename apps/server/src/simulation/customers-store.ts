import type { Day } from '@innkeeper/money'
import type { Identity } from '../context.ts'
import { type Db, runSql } from '../db/database.ts'
import { ownerPrivileges } from '../privileges.ts'

/** How a customer pays: days after the due day; `credit` keeps money with the provider; some stop one day. */
export interface Customer {
  readonly accountId: string
  readonly identity: Identity
}

/** The table that says who pays when; it is the simulation's own. */
export async function openCustomers(db: Db): Promise<void> {
  await runSql(
    db,
    `create table simulated_customer (
       account_id bigint primary key references account,
       pays_after integer not null,     -- days after the due day
       keeps_credit boolean not null,
       pays_until date                  -- never after that; null: always
     )`,
  )
}

export interface Habits {
  readonly paysAfter: number
  readonly keepsCredit: boolean
  readonly paysUntil: Day | null
  readonly country: string
}

export async function insertCustomer(db: Db, number: number, at: Date, habits: Habits): Promise<Customer> {
  const email = `customer${number}@example.com`
  const [row] = await runSql<{ accountId: string; profileId: string }>(
    db,
    `with made as (insert into account (created_at) values ($1) returning id),
       owner as (insert into profile (account_id, owner, email, firstname, lastname, country, created_at)
         select id, true, $2, 'Ada', 'Customer ' || $3, $4, $1 from made returning id, account_id),
       habits as (insert into simulated_customer select id, $5, $6, $7 from made)
     select account_id as "accountId", id as "profileId" from owner`,
    [at, email, String(number), habits.country, habits.paysAfter, habits.keepsCredit, habits.paysUntil],
  )
  if (row === undefined) throw new Error('no account was made')
  return { accountId: row.accountId, identity: ownerOf(row.accountId, row.profileId, email) }
}

function ownerOf(accountId: string, profileId: string, email: string): Identity {
  return { accountId, profileId, email, owner: true, privileges: ownerPrivileges, via: 'session' }
}

export interface Payable {
  readonly id: string
  readonly accountId: string
  readonly dueMinor: bigint
  readonly currency: string
}

/** What customers pay on a day. */
export async function payableOn(db: Db, day: Day): Promise<Payable[]> {
  const rows = await runSql<Omit<Payable, 'dueMinor'> & { dueMinor: string }>(
    db,
    `select i.id, i.account_id as "accountId", i.due_minor as "dueMinor", i.currency
     from invoice i join simulated_customer c on c.account_id = i.account_id
     where i.status in ('Unpaid', 'Collections') and i.kind = 'invoice' and i.due_minor > 0
       and i.due_on + c.pays_after <= $1::date and (c.pays_until is null or c.pays_until >= $1::date)
     order by i.id limit 5000`,
    [day],
  )
  return rows.map(row => ({ ...row, dueMinor: BigInt(row.dueMinor) }))
}

/** Accounts that keep money with the provider. */
export async function keepersOfCredit(db: Db): Promise<{ readonly accountId: string; readonly currency: string }[]> {
  return runSql(
    db,
    `select a.id as "accountId", a.currency from account a join simulated_customer c on c.account_id = a.id
     where c.keeps_credit order by a.id`,
  )
}

export interface LiveService {
  readonly id: string
  readonly identity: Identity
  readonly productKey: string
}

/** One service that runs, chosen by a number from 0 to 1. */
export async function someService(db: Db, place: number): Promise<LiveService | undefined> {
  const [row] = await runSql<{
    id: string
    accountId: string
    profileId: string
    email: string
    productKey: string
  }>(
    db,
    `select s.id, s.account_id as "accountId", p.id as "profileId", p.email, product.key as "productKey"
     from service s join profile p on p.account_id = s.account_id and p.owner join product on product.id = s.product_id
     where s.status = 'Active' and s.cancel_at is null and s.id >= (select (min(id) + $1::float8 * (max(id) - min(id)))::bigint from service)
     order by s.id limit 1`,
    [place],
  )
  return row === undefined
    ? undefined
    : { id: row.id, productKey: row.productKey, identity: ownerOf(row.accountId, row.profileId, row.email) }
}

/** Services that are not over. */
export async function countLive(db: Db): Promise<number> {
  const [row] = await runSql<{ count: number }>(
    db,
    `select count(*)::int as count from service where status in ('Pending', 'Active', 'Suspended')`,
  )
  return row?.count ?? 0
}

export async function productIdsByKey(db: Db): Promise<ReadonlyMap<string, string>> {
  const rows = await runSql<{ id: string; key: string }>(db, 'select id, key from product where key is not null')
  return new Map(rows.map(({ key, id }) => [key, id]))
}
