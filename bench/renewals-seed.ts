import { type Db, runSql } from '../apps/server/src/db/database.ts'

/** Services of one account: a usual customer has a few. */
const each = 5

/**
 * Monthly services whose next invoice is due now, `count` in all. Written as tables, not as customers would: that is not
 * what is measured.
 */
export async function seedServices(db: Db, count: number, at: Date): Promise<void> {
  const statements = [
    `insert into product (key, name, features, paytype) values ('web', 'Web hosting', '{}', 'Regular')`,
    `insert into tax_rate (country, name, percent, valid_from) values ('EE', 'VAT', 24, '2020-01-01')`,
    `insert into payment_method (key, driver, name) values ('bank', 'bank', 'Bank transfer')`,
    `insert into account (created_at) select $1::timestamptz from generate_series(1, ${count / each})`,
    `insert into profile (account_id, owner, email, firstname, lastname, country, created_at)
     select id, true, 'owner' || id || '@example.com', 'Ada', 'Byron', 'EE', $1::timestamptz from account`,
    `insert into service (account_id, product_id, status, name, cycle, price_minor, anchor_day, created_at, started_at,
       invoiced_until, paid_until, next_invoice_at)
     select account.id, product.id, 'Active', 'host' || n || '.example.com', 'm', 999, 15, $1::timestamptz,
       $1::timestamptz - interval '1 month', $1::timestamptz + interval '14 days', $1::timestamptz + interval '14 days', $1::timestamptz
     from account, product, generate_series(1, ${each}) n`,
    `insert into billed_period (account_id, service_id, reason, starts_at, ends_at, net_minor)
     select account_id, id, 'order', started_at, invoiced_until, 0 from service where $1::timestamptz is not null`,
  ]
  for (const statement of statements) await runSql(db, statement, statement.includes('$1') ? [at] : [])
  await runSql(db, 'vacuum analyze')
}
