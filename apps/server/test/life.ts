import { type Cycle, dayOf } from '@innkeeper/money'
import type { App } from '../src/context.ts'
import { runSql } from '../src/db/database.ts'
import { lockInvoice, recordPayment } from '../src/modules/billing/index.ts'
import { billPeriods, createServices } from '../src/modules/services/index.ts'
import { asSystem } from '../src/operator.ts'

/** What a customer of a test has bought. */
export interface Bought {
  /** Years (`y1`) are a domain's. */
  readonly cycle: Cycle
  readonly priceMinor?: bigint
  /** Default: now. Its first period begins then, and was free. */
  readonly startsAt?: Date
  readonly endsAt: Date
  /** The day of the month that it is billed on; default: that of the end. */
  readonly anchorDay?: number
}

let counter = 0

/** An account with services that run, whose first period is over at the given moments. Gives the ids. */
export async function seedCustomer(app: App, bought: readonly Bought[]) {
  const name = `customer${++counter}${Math.random().toString(36).slice(2, 8)}`
  const at = app.business.now()
  const [row] = await runSql<{ accountId: string; productId: string; tldId: string }>(
    app.db,
    `with account as (insert into account (created_at) values ($1) returning id),
       owner as (insert into profile (account_id, owner, email, firstname, created_at)
         select id, true, $2 || '@example.com', 'Ada', $1 from account),
       product as (insert into product (key, name, features, paytype) values ($2, 'Hosting of ' || $2, '{}', 'Regular') returning id),
       tld as (insert into tld (name) values ('.' || $2) returning id)
     select account.id as "accountId", product.id as "productId", tld.id as "tldId" from account, product, tld`,
    [at, name],
  )
  if (row === undefined) throw new Error('no account')
  const { accountId, productId, tldId } = row
  const serviceIds = await asSystem(app, async ctx => {
    const tx = await ctx.begin()
    const ids: string[] = []
    for (const { cycle, priceMinor = 1000n, startsAt = at, endsAt, anchorDay = endsAt.getUTCDate() } of bought) {
      const label = `host${ids.length}.${name}.example`
      const domain = { tldId, domain: { name: label, action: 'register' as const } }
      const what = cycle.startsWith('y') ? domain : { productId }
      const sold = { ...what, accountId, name: label, currency: 'EUR', cycle, startsAt, anchorDay }
      const [id = ''] = await createServices(ctx, tx, [{ ...sold, priceMinor, firstPaymentMinor: 0n }])
      await runSql(tx, `update service set status = 'Active' where id = $1`, [id])
      const period = { accountId, serviceId: id, lineId: null, reason: 'order', startsAt, endsAt } as const
      await billPeriods(ctx, tx, [{ ...period, netMinor: 0n }])
      ids.push(id)
    }
    return ids
  })
  return { accountId, serviceIds, email: `${name}@example.com` }
}

export interface BilledPeriod {
  readonly serviceId: string
  readonly from: string
  readonly to: string
  readonly netMinor: string
}

/** The renewals of a service as days of the brand's time zone, in order. */
export async function renewalsOfService(app: App, serviceId: string): Promise<BilledPeriod[]> {
  const rows = await runSql<{ startsAt: Date; endsAt: Date; netMinor: string }>(
    app.db,
    `select starts_at as "startsAt", ends_at as "endsAt", net_minor as "netMinor" from billed_period
     where service_id = $1 and reason = 'renewal' and released_at is null order by starts_at`,
    [serviceId],
  )
  const day = (moment: Date) => dayOf(moment, app.config.timeZone)
  return rows.map(({ startsAt, endsAt, netMinor }) => ({ serviceId, from: day(startsAt), to: day(endsAt), netMinor }))
}

export interface SeenInvoice {
  readonly id: string
  readonly accountId: string
  readonly status: string
  readonly dueOn: string
  readonly issuedOn: string
  readonly lines: number
  readonly stages: string[]
}

export function invoicesOf(app: App, accountId: string): Promise<SeenInvoice[]> {
  return runSql(
    app.db,
    `select id, account_id as "accountId", status, due_on::text as "dueOn", issued_on::text as "issuedOn",
       (select count(*)::int from invoice_line l where l.invoice_id = i.id) as lines,
       array(
         select stage from (
           select stage, at from dunning where invoice_id = i.id
           union all select 'issued', told_at where told_at is not null
         ) letter order by at, stage
       ) as stages
     from invoice i where account_id = $1 order by id`,
    [accountId],
  )
}

/** Pays what is due of an invoice, as a bank would. */
export function payInvoice(app: App, { id, accountId }: Pick<SeenInvoice, 'id' | 'accountId'>): Promise<void> {
  return asSystem(app, async ctx => {
    const tx = await ctx.begin()
    await runSql(tx, 'select 1 from account where id = $1 for no key update', [accountId])
    const { dueMinor, currency } = await lockInvoice(tx, { id, accountId })
    if (dueMinor === 0n) return
    const received = { accountId, invoiceId: id, methodId: null, gateway: 'bank', externalId: `transfer ${id}` }
    await recordPayment(ctx, tx, {
      ...received,
      ...{ amountMinor: dueMinor, currency: currency.code, at: ctx.business.now() },
    })
  })
}

/** The subjects of the mails that wait to be sent to an address, in order. */
export async function lettersTo(app: App, email: string): Promise<string[]> {
  return (await mailsTo(app, email)).map(({ subject }) => subject)
}

/** The mails that wait to be sent to an address, in order. */
export async function mailsTo(app: App, email: string): Promise<{ to: string; subject: string; text: string }[]> {
  const rows = await runSql<{ sealed: string }>(
    app.db,
    `select payload ->> 'sealed' as sealed from graphile_worker._private_jobs
     where task_id = (select id from graphile_worker._private_tasks where identifier = 'mail.send') order by id`,
  )
  const letters = rows.map(({ sealed }) =>
    JSON.parse(app.secrets.decrypt('mail.send', Buffer.from(sealed, 'base64')).toString()),
  ) as { to: string; subject: string; text: string }[] // what sendMail encrypts
  return letters.filter(({ to }) => to === email)
}
