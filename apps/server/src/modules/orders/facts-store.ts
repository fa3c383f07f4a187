import { type Queryable, runSql } from '../../db/database.ts'

/** What an order looks at about the account that places it, and about the domains that it names. */
export interface AccountFacts {
  /** ISO 4217. */
  readonly currency: string
  readonly autoApplyCredit: boolean
  /** Has not ordered anything yet. */
  readonly newClient: boolean
  /** How many orders wait for their payment, or for the staff where there is none; no more are counted than asked for. */
  readonly openOrders: number
  /** Of the names asked about, those that somebody has or is about to have here. */
  readonly takenNames: readonly string[]
  readonly ownDomains: readonly OwnDomain[]
}

/** A domain of the account, as far as renewing it goes. */
export interface OwnDomain {
  /** Of its service. */
  readonly id: string
  readonly name: string
  readonly tldId: string
  readonly status: string
  readonly expiresAt: Date | null
  /** Until when renewals stand on invoices already. */
  readonly invoicedUntil: Date | null
  readonly anchorDay: number | null
}

export interface AccountQuestion {
  /** Names of domains: A-labels, lower case. */
  readonly names: readonly string[]
  /** Domains that shall be the account's own. */
  readonly ids: readonly string[]
  /** Up to how many open orders matter. */
  readonly maxOpenOrders: number
}

type DomainRow = Omit<OwnDomain, 'expiresAt' | 'invoicedUntil'> & {
  readonly expiresAt: string | null
  readonly invoicedUntil: string | null
}

const factsText = `
select a.currency, a.auto_apply_credit as "autoApplyCredit",
  not exists (select from orders o where o.account_id = a.id and o.status in ('Pending', 'Active')) as "newClient",
  (select count(*)::int from (
    select from orders o left join invoice i on i.id = o.invoice_id
    where o.account_id = a.id and o.kind = 'order' and o.status = 'Pending'
      and (i.id is null or i.status in ('Draft', 'Unpaid', 'Collections'))
    limit $4::int) as open) as "openOrders",
  coalesce((select json_agg(d.name) from domain d
    where d.name = any($2::text[]) and d.status not in ('Cancelled', 'Fraud', 'Transferred Out')), '[]') as "takenNames",
  coalesce((select json_agg(json_build_object('id', s.id::text, 'name', d.name, 'tldId', s.tld_id::text,
      'status', d.status, 'expiresAt', d.expires_at, 'invoicedUntil', s.invoiced_until, 'anchorDay', s.anchor_day))
    from service s join domain d on d.service_id = s.id
    where s.account_id = a.id and s.id = any($3::bigint[])), '[]') as "ownDomains"
from account a where a.id = $1`

/** All of it in one statement, although it looks into tables of others: a quote has few round trips to spend. */
export async function accountFactsOf(db: Queryable, accountId: string, asked: AccountQuestion): Promise<AccountFacts> {
  const [row] = await runSql<Omit<AccountFacts, 'ownDomains'> & { ownDomains: readonly DomainRow[] }>(db, factsText, [
    accountId,
    asked.names,
    asked.ids,
    asked.maxOpenOrders,
  ])
  if (row === undefined) throw new Error(`there is no account ${accountId}`)
  return { ...row, ownDomains: row.ownDomains.map(domain => ({ ...domain, ...datesOf(domain) })) }
}

function datesOf({ expiresAt, invoicedUntil }: DomainRow) {
  return {
    expiresAt: expiresAt === null ? null : new Date(expiresAt),
    invoicedUntil: invoicedUntil === null ? null : new Date(invoicedUntil),
  }
}
