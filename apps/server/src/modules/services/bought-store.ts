import { runSql, type Tx } from '../../db/database.ts'
import type { NewBoughtService } from './bought.ts'
import { discountColumns } from './price.ts'

export interface BoughtRow extends NewBoughtService {
  readonly anchorDay: number
  /** Encrypted. */
  readonly sealedEppCode: Buffer | null
}

const insertText = `
with given as (
  select nextval(pg_get_serial_sequence('service', 'id')) as id, sent.* from jsonb_to_recordset($1::jsonb) as sent (
    place integer, host_place integer, account_id bigint, kind text, product_id bigint, addon_id bigint, tld_id bigint,
    order_id bigint, name text, label text, currency text, cycle text, config jsonb, price_minor bigint,
    first_payment_minor bigint, promo_id bigint, discount_percent numeric, discount_minor bigint, anchor_day smallint, started_at timestamptz, domain_name text,
    domain_action text, epp_code text)
), made as (
  insert into service (id, account_id, kind, product_id, addon_id, tld_id, parent_id, order_id, status, name, label, currency,
    cycle, config, price_minor, first_payment_minor, promo_id, discount_percent, discount_minor, anchor_day, started_at, dns_zone_limit,
    stock_product_id, created_at)
  overriding system value
  select g.id, g.account_id, g.kind, g.product_id, g.addon_id, g.tld_id, host.id, g.order_id, 'Pending', g.name, g.label,
    g.currency, g.cycle, g.config, g.price_minor, g.first_payment_minor, g.promo_id, g.discount_percent, g.discount_minor, g.anchor_day, g.started_at,
    p.dns_zone_limit, case when p.stock is not null then p.id end, $2
  from given g left join given host on host.place = g.host_place left join product p on p.id = g.product_id
), named as (
  insert into domain (service_id, name, action, status, epp_code)
  select id, domain_name, domain_action, 'Pending', decode(epp_code, 'hex') from given where domain_name is not null
)
select id from given order by place`

/** Writes services with their domains, in one statement however many there are; ids in the same order. */
export async function insertBoughtServices(tx: Tx, bought: readonly BoughtRow[], at: Date): Promise<readonly string[]> {
  const rows = await runSql<{ id: string }>(tx, insertText, [JSON.stringify(bought.map(rowOf)), at])
  return rows.map(row => row.id)
}

function rowOf(bought: BoughtRow, place: number) {
  return {
    place,
    host_place: bought.hostPlace ?? null,
    account_id: bought.accountId,
    kind: bought.productId !== undefined ? 'product' : bought.addonId !== undefined ? 'addon' : 'domain',
    product_id: bought.productId ?? null,
    addon_id: bought.addonId ?? null,
    tld_id: bought.tldId ?? null,
    order_id: bought.orderId ?? null,
    name: bought.name,
    label: bought.label ?? '',
    currency: bought.currency,
    cycle: bought.cycle,
    config: bought.config ?? {},
    price_minor: String(bought.priceMinor),
    first_payment_minor: String(bought.firstPaymentMinor),
    promo_id: bought.promo?.id ?? null,
    ...discountColumns(bought.promo?.discount),
    anchor_day: bought.anchorDay,
    started_at: bought.startsAt,
    domain_name: bought.domain?.name ?? null,
    domain_action: bought.domain?.action ?? null,
    epp_code: bought.sealedEppCode?.toString('hex') ?? null,
  }
}
