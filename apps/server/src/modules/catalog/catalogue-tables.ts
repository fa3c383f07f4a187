import type { SectionName } from './file-sections.ts'

/*
 * Which table holds what of a catalogue's file. The file becomes rows (file-rows.ts), and so do the tables
 * (catalogue-store.ts); what differs between the two is the plan of an import. SQL is made of these descriptions, so that
 * reading, comparing and writing cannot disagree about a column.
 */

export interface Column {
  /** Its name in rows: the word of the file. */
  readonly name: string
  /** The column it is written to. */
  readonly column: string
  readonly type: 'text' | 'integer' | 'boolean' | 'jsonb' | 'text[]' | 'numeric' | 'bigint' | 'timestamptz' | 'date'
  /** SQL that reads it; the column itself unless told. */
  readonly read?: string
  /** SQL that makes the column's value of `entry.name`. */
  readonly write?: string
  /** SQL of the new value where the row exists; `excluded.column` unless told. */
  readonly update?: string
  /** The section that holds what it names. */
  readonly refersTo?: SectionName
}

export interface CatalogueTable {
  readonly name: string
  readonly section: SectionName
  /** What it is read from: the table and those that name its parents. */
  readonly from: string
  /** SQL: the row stands in the catalogue. */
  readonly live: string
  /** SQL: where it stands in the file. */
  readonly path: string
  /** SQL: where that stands without which it is nothing. */
  readonly parent: string
  /** What tells its rows apart. */
  readonly ids: readonly Column[]
  /** Two of the same name are one value that is written to two columns. */
  readonly values: readonly Column[]
  /** The unique index that decides whether a row exists. */
  readonly unique: string
  /** What tells rows apart for the database; its id unless told. */
  readonly rowId?: 'ctid'
  /** What becomes of a row that the file no longer has: what was ever sold stays, as retired. */
  readonly gone: 'retire' | 'delete' | 'keep'
}

function column(name: string, type: Column['type'], more: Partial<Column> = {}): Column {
  return { name, column: name, type, ...more }
}

function reference(name: string, table: string, key: string, refersTo: SectionName, from = table): Column {
  return {
    name,
    column: `${table}_id`,
    type: 'text',
    read: `${from}.${key}`,
    write: `(select id from ${table} where ${key} = entry.${name})`,
    refersTo,
  }
}

const position = column('position', 'integer')
const options = column('provisioner_options', 'jsonb')
const ofField = `(select form_field.id from form_field join product on product.id = form_field.product_id
  where product.key = entry.product and form_field.key = entry.field)`
/** Amounts by currency: as text, like all amounts in rows; the column holds numbers. None: `nothing`. */
const amounts = (name: string, nothing: string) =>
  column(name, 'jsonb', {
    read: `coalesce((select jsonb_object_agg(key, value) from jsonb_each_text(${name})), ${nothing})`,
    write: `coalesce((select jsonb_object_agg(key, value::bigint) from jsonb_each_text(entry.${name})), ${nothing})`,
  })

/** Prices of one kind of thing. */
function prices(
  thing: string,
  from: string,
  path: string,
  ids: readonly Column[],
  section: SectionName,
): CatalogueTable {
  const ofTld = thing === 'tld'
  return {
    name: 'price',
    section,
    from: `price ${from}`,
    live: 'true',
    path: `${path} || '/prices/' || price.currency || '/' ${ofTld ? `|| price.action || '/'` : ''} || price.cycle`,
    parent: path,
    ids: [
      ...ids,
      column('currency', 'text', { refersTo: 'currencies' }),
      column('cycle', 'text'),
      ...(ofTld ? [column('action', 'text')] : []),
    ],
    values: [
      column('price', 'bigint', { column: 'price_minor', read: 'price.price_minor::text' }),
      column('setup', 'bigint', { column: 'setup_minor', read: 'price.setup_minor::text' }),
    ],
    unique: `(${thing}_id, currency, ${ofTld ? 'action, ' : ''}cycle) where ${thing}_id is not null`,
    gone: 'delete',
  }
}

function targets(thing: 'product' | 'addon' | 'tld', section: SectionName, key: string): CatalogueTable {
  return {
    name: 'promo_target',
    section: 'promo_codes',
    from: `promo_target join promo_code on promo_code.id = promo_id join ${thing} on ${thing}.id = ${thing}_id`,
    live: 'true',
    path: `'promo_codes/' || promo_code.code || '/${section}/' || ${thing}.${key}`,
    parent: `'promo_codes/' || promo_code.code`,
    ids: [
      {
        name: 'code',
        column: 'promo_id',
        type: 'text',
        read: 'promo_code.code',
        write: '(select id from promo_code where code = entry.code)',
      },
      reference(thing, thing, key, section),
    ],
    values: [column('max_uses', 'integer', { read: 'promo_target.max_uses' })],
    unique: `(promo_id, ${thing}_id) where ${thing}_id is not null`,
    gone: 'delete',
  }
}

const productPath = `'products/' || product.key`
const fieldPath = `${productPath} || '/form/' || form_field.key`
const itemPath = `${fieldPath} || '/items/' || form_item.key`
const product = reference('product', 'product', 'key', 'products')
const retirable = (table: string) => `${table}.retired_at is null`

/** What products are connected with; the row is nothing but the connection. */
function connection(
  name: string,
  word: string,
  other: string,
  otherColumn: string,
  section: SectionName,
  ordered: boolean,
): CatalogueTable {
  const there = `other_${other}`
  return {
    name,
    section: 'products',
    from: `${name} join product on product.id = ${name}.product_id join ${other} ${there} on ${there}.id = ${name}.${otherColumn}`,
    live: `product.key is not null and ${there}.key is not null`,
    path: `${productPath} || '/${word}/' || ${there}.key`,
    parent: productPath,
    ids: [product, { ...reference('other', other, 'key', section, there), column: otherColumn }],
    values: ordered ? [column('position', 'integer', { read: `${name}.position` })] : [],
    unique: `(product_id, ${otherColumn})`,
    rowId: 'ctid',
    gone: 'delete',
  }
}

/** In the order in which they are written: nothing refers to what comes later. */
export const catalogueTables: readonly CatalogueTable[] = [
  {
    name: 'currency',
    section: 'currencies',
    from: 'currency',
    live: 'true',
    path: `'currencies/' || code`,
    parent: 'null',
    ids: [column('code', 'text')],
    values: [
      column('decimals', 'integer', { column: 'exponent', read: 'exponent' }),
      column('rate', 'numeric', { read: 'trim_scale(rate)::text' }),
    ],
    unique: '(code)',
    gone: 'keep',
  },
  {
    name: 'category',
    section: 'categories',
    from: 'category',
    live: retirable('category'),
    path: `'categories/' || key`,
    parent: 'null',
    ids: [column('key', 'text')],
    values: [column('name', 'text'), column('description', 'text'), position],
    unique: '(key)',
    gone: 'retire',
  },
  {
    name: 'addon',
    section: 'addons',
    from: 'addon',
    live: retirable('addon'),
    path: `'addons/' || key`,
    parent: 'null',
    ids: [column('key', 'text')],
    values: [
      column('name', 'text'),
      column('description', 'text'),
      column('paytype', 'text'),
      column('taxed', 'boolean'),
      column('provisioner', 'text'),
      options,
    ],
    unique: '(key)',
    gone: 'retire',
  },
  {
    name: 'product',
    section: 'products',
    from: 'product left join category on category.id = product.category_id',
    live: `product.key is not null and ${retirable('product')}`,
    path: productPath,
    parent: 'null',
    ids: [column('key', 'text', { read: 'product.key' })],
    values: [
      reference('category', 'category', 'key', 'categories'),
      ...(['name', 'kind', 'description', 'paytype', 'host_name', 'provision_on', 'provisioner'] as const).map(name =>
        column(name, 'text', { read: `product.${name}` }),
      ),
      column('tags', 'text[]'),
      column('features', 'text[]'),
      column('taxed', 'boolean'),
      column('prorata_day', 'integer'),
      column('dns_zones', 'integer', { column: 'dns_zone_limit', read: 'dns_zone_limit' }),
      options,
      // What is new of it is added to what is left: the rest has been sold since.
      column('stock', 'integer', { column: 'stocked', read: 'stocked' }),
      column('stock', 'integer', {
        read: 'stocked',
        update: `case when excluded.stocked is null then null
          when product.stock is null or product.stocked is null then excluded.stocked
          else greatest(0, product.stock + excluded.stocked - product.stocked) end`,
      }),
      column('position', 'integer', { read: 'product.position' }),
    ],
    unique: '(key)',
    gone: 'retire',
  },
  {
    name: 'form_field',
    section: 'products',
    from: 'form_field join product on product.id = form_field.product_id',
    live: `product.key is not null and ${retirable('form_field')}`,
    path: fieldPath,
    parent: productPath,
    ids: [product, column('key', 'text', { read: 'form_field.key' })],
    values: [
      column('type', 'text'),
      column('title', 'text'),
      column('description', 'text', { read: 'form_field.description' }),
      column('required', 'boolean'),
      column('minimum', 'integer'),
      column('maximum', 'integer'),
      column('step', 'integer'),
      column('config', 'jsonb'),
      column('position', 'integer', { read: 'form_field.position' }),
    ],
    unique: '(product_id, key)',
    gone: 'retire',
  },
  {
    name: 'form_item',
    section: 'products',
    from: 'form_item join form_field on form_field.id = form_item.field_id join product on product.id = form_field.product_id',
    live: `product.key is not null and ${retirable('form_item')}`,
    path: itemPath,
    parent: fieldPath,
    ids: [
      { name: 'product', column: '', type: 'text', read: 'product.key' },
      { name: 'field', column: 'field_id', type: 'text', read: 'form_field.key', write: ofField },
      column('key', 'text', { read: 'form_item.key' }),
    ],
    values: [
      column('title', 'text', { read: 'form_item.title' }),
      column('selected', 'boolean'),
      column('position', 'integer', { read: 'form_item.position' }),
    ],
    unique: '(field_id, key)',
    gone: 'retire',
  },
  connection('product_addon', 'addons', 'addon', 'addon_id', 'addons', true),
  connection('subproduct', 'subproducts', 'product', 'subproduct_id', 'products', true),
  connection('product_upgrade', 'upgrades', 'product', 'target_id', 'products', false),
  {
    name: 'tld',
    section: 'tlds',
    from: 'tld left join category on category.id = tld.category_id',
    live: retirable('tld'),
    path: `'tlds/' || tld.name`,
    parent: 'null',
    ids: [column('name', 'text', { read: 'tld.name' })],
    values: [
      reference('category', 'category', 'key', 'categories'),
      column('taxed', 'boolean'),
      column('registrar', 'text'),
      column('registrar_options', 'jsonb'),
      column('epp_code', 'boolean', { column: 'needs_epp_code', read: 'needs_epp_code' }),
      column('position', 'integer', { read: 'tld.position' }),
    ],
    unique: '(name)',
    gone: 'retire',
  },
  prices(
    'addon',
    'join addon on addon.id = price.addon_id',
    `'addons/' || addon.key`,
    [reference('addon', 'addon', 'key', 'addons')],
    'addons',
  ),
  prices(
    'product',
    'join product on product.id = price.product_id and product.key is not null',
    productPath,
    [product],
    'products',
  ),
  prices(
    'item',
    `join form_item on form_item.id = price.item_id join form_field on form_field.id = form_item.field_id
      join product on product.id = form_field.product_id and product.key is not null`,
    itemPath,
    [
      { name: 'product', column: '', type: 'text', read: 'product.key' },
      { name: 'field', column: '', type: 'text', read: 'form_field.key' },
      {
        name: 'item',
        column: 'item_id',
        type: 'text',
        read: 'form_item.key',
        write: `(select id from form_item where field_id = ${ofField} and key = entry.item)`,
      },
    ],
    'products',
  ),
  prices(
    'tld',
    'join tld on tld.id = price.tld_id',
    `'tlds/' || tld.name`,
    [reference('tld', 'tld', 'name', 'tlds')],
    'tlds',
  ),
  {
    name: 'promo_code',
    section: 'promo_codes',
    from: 'promo_code',
    live: retirable('promo_code'),
    path: `'promo_codes/' || code`,
    parent: 'null',
    ids: [column('code', 'text')],
    values: [
      column('kind', 'text'),
      column('percent', 'numeric', { read: 'trim_scale(percent)::text' }),
      amounts('amounts', 'null'),
      column('recurring', 'boolean'),
      column('setup', 'boolean', { column: 'with_setup', read: 'with_setup' }),
      column('starts', 'timestamptz', { column: 'starts_at', read: utc('starts_at') }),
      column('ends', 'timestamptz', { column: 'ends_at', read: utc('ends_at') }),
      column('cycles', 'text[]'),
      column('new_clients_only', 'boolean'),
      column('max_uses', 'integer'),
      column('max_uses_per_account', 'integer'),
    ],
    unique: '(code)',
    gone: 'retire',
  },
  targets('product', 'products', 'key'),
  targets('addon', 'addons', 'key'),
  targets('tld', 'tlds', 'name'),
  {
    name: 'tax_rate',
    section: 'tax_rates',
    from: 'tax_rate',
    live: 'true',
    path: `'tax_rates/' || country || '/' || case when state = '' then '' else state || '/' end || level || '/' || valid_from`,
    parent: 'null',
    ids: [
      column('country', 'text'),
      column('state', 'text'),
      column('level', 'integer'),
      column('from', 'date', { column: 'valid_from', read: 'valid_from::text' }),
    ],
    values: [column('name', 'text'), column('percent', 'numeric', { read: 'trim_scale(percent)::text' })],
    unique: '(country, state, level, valid_from)',
    gone: 'keep',
  },
  {
    name: 'payment_method',
    section: 'payment_methods',
    from: 'payment_method',
    live: retirable('payment_method'),
    path: `'payment_methods/' || key`,
    parent: 'null',
    ids: [column('key', 'text')],
    values: [
      column('driver', 'text'),
      column('name', 'text'),
      amounts('fixed_fees', `'{}'::jsonb`),
      column('percent_fee', 'numeric', { read: 'trim_scale(percent_fee)::text' }),
      column('currencies', 'text[]'),
      column('options', 'jsonb'),
      position,
    ],
    unique: '(key)',
    gone: 'retire',
  },
]

function utc(moment: string): string {
  return `to_char(${moment} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')`
}
