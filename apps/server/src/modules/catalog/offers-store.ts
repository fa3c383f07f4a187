import type { Currency } from '@innkeeper/money'
import { type Queryable, runSql } from '../../db/database.ts'
import type { Offers } from './offer.ts'
import { type AddonRow, addonOf, type ProductRow, productOf, type TldRow, tldOf } from './offer-rows.ts'

export interface Wanted {
  readonly productIds?: readonly string[]
  readonly addonIds?: readonly string[]
  readonly tldIds?: readonly string[]
  /** Also the products that those can become. */
  readonly withUpgrades?: boolean
}

interface Row {
  readonly currency: Currency | null
  readonly products: readonly ProductRow[]
  readonly addons: readonly AddonRow[]
  readonly tlds: readonly TldRow[]
}

/**
 * Everything that pricing needs to know about these things, in one query however many they are. Things that do not
 * exist are missing; retired ones are there and say so, since services of them live on.
 */
export async function loadOffers(db: Queryable, wanted: Wanted, currency: string): Promise<Offers> {
  const { productIds = [], addonIds = [], tldIds = [], withUpgrades = false } = wanted
  const [row] = await runSql<Row>(db, statement, [productIds, addonIds, tldIds, currency, withUpgrades])
  if (row === undefined || row.currency === null) throw new Error(`there is no currency ${currency}`)
  return {
    currency: row.currency,
    products: byId(row.products.map(productOf)),
    addons: byId(row.addons.map(addonOf)),
    tlds: byId(row.tlds.map(tldOf)),
  }
}

function byId<Thing extends { readonly id: string }>(things: readonly Thing[]): ReadonlyMap<string, Thing> {
  return new Map(things.map(thing => [thing.id, thing]))
}

/** Prices in the currency asked for ($4) of the thing whose column of `price` this is. */
const prices = (thing: string, column = `${thing}_id`) => `coalesce((
    select json_agg(json_build_array(price.cycle, price.price_minor::text, price.setup_minor::text))
    from price where price.${column} = ${thing}.id and price.currency = $4), '[]'::json)`

const list = (columns: string, rest: string) => `coalesce((select json_agg(${columns}) from ${rest}), '[]'::json)`

const items = list(
  `json_build_object('id', form_item.id::text, 'key', form_item.key, 'title', form_item.title,
      'selected', form_item.selected, 'retired', form_item.retired_at is not null,
      'priced', exists (select from price where price.item_id = form_item.id),
      'prices', ${prices('form_item', 'item_id')}) order by form_item.position, form_item.id`,
  'form_item where form_item.field_id = form_field.id',
)

const form = list(
  `json_build_object('id', form_field.id::text, 'key', form_field.key, 'type', form_field.type, 'title', form_field.title,
      'description', form_field.description, 'required', form_field.required, 'retired', form_field.retired_at is not null,
      'minimum', form_field.minimum, 'maximum', form_field.maximum, 'step', form_field.step, 'config', form_field.config,
      'items', ${items}) order by form_field.position, form_field.id`,
  'form_field where form_field.product_id = product.id',
)

const category = (thing: string) => `(
    select json_build_object('id', category.id::text, 'name', category.name)
    from category where category.id = ${thing}.category_id)`

/** With what was put back and is not counted yet: who takes it counts it. */
const stock = `product.stock + (
    select coalesce(sum(pieces), 0) from stock_return where product_id = product.id)`

const product = `json_build_object('id', product.id::text, 'key', product.key, 'name', product.name,
    'description', product.description, 'category', ${category('product')}, 'kind', product.kind,
    'paytype', product.paytype, 'tags', product.tags, 'stock', ${stock},
    'taxed', product.taxed,
    'hostName', product.host_name, 'prorataDay', product.prorata_day, 'provisionOn', product.provision_on,
    'provisioner', product.provisioner, 'provisionerOptions', product.provisioner_options, 'features', product.features,
    'dnsZoneLimit', product.dns_zone_limit, 'retired', product.retired_at is not null,
    'prices', ${prices('product')}, 'form', ${form},
    'addonIds', ${list(
      'addon_id::text order by position, addon_id',
      `product_addon join addon on addon.id = addon_id
      where product_addon.product_id = product.id and addon.retired_at is null`,
    )},
    'subproductIds', ${list(
      'subproduct_id::text order by subproduct.position, subproduct_id',
      `subproduct
      join product sub on sub.id = subproduct_id where subproduct.product_id = product.id and sub.retired_at is null`,
    )},
    'upgradeIds', ${list(
      'target_id::text order by target.position, target_id',
      `product_upgrade
      join product target on target.id = target_id
      where product_upgrade.product_id = product.id and target.retired_at is null`,
    )})`

const addon = `json_build_object('id', addon.id::text, 'key', addon.key, 'name', addon.name,
    'description', addon.description, 'paytype', addon.paytype, 'taxed', addon.taxed,
    'provisionerOptions', addon.provisioner_options, 'retired', addon.retired_at is not null, 'prices', ${prices('addon')})`

const tld = `json_build_object('id', tld.id::text, 'name', tld.name, 'category', ${category('tld')}, 'taxed', tld.taxed,
    'registrar', tld.registrar, 'registrarOptions', tld.registrar_options, 'needsEppCode', tld.needs_epp_code,
    'retired', tld.retired_at is not null,
    'prices', ${list(
      'json_build_array(price.action, price.cycle, price.price_minor::text, price.setup_minor::text)',
      'price where price.tld_id = tld.id and price.currency = $4',
    )})`

const statement = `with wanted as (
    select id from product where id = any($1::bigint[])
    union select subproduct_id from subproduct where product_id = any($1::bigint[])
    union select target_id from product_upgrade where product_id = any($1::bigint[]) and $5::boolean
  )
  select
    (select json_build_object('code', code, 'exponent', exponent) from currency where code = $4) as currency,
    ${list(product, 'product where product.id in (select id from wanted)')} as products,
    ${list(
      addon,
      `addon where addon.id = any($2::bigint[])
      or addon.id in (select addon_id from product_addon where product_id in (select id from wanted))`,
    )} as addons,
    ${list(tld, 'tld where tld.id = any($3::bigint[])')} as tlds`
