-- What is for sale and for how much. Rows are known by their `key` to the file that operators load (catalog import), by
-- their id on the wire. What was ever sold is retired, never deleted.

create table currency (
  code text primary key check (code ~ '^[A-Z]{3}$'),
  exponent smallint not null check (exponent in (0, 2, 3)),   -- decimals of its minor unit (ISO 4217)
  rate numeric(18, 8) not null check (rate > 0)               -- units of it for one of the provider's own currency
);
insert into currency (code, exponent, rate) values ('EUR', 2, 1);

create table category (
  id bigint generated always as identity primary key,
  key text not null unique,          -- also the slug
  name text not null,
  description text not null default '',
  position integer not null default 0,
  retired_at timestamptz
);

alter table product
  add key text unique,
  add category_id bigint references category,       -- null: not in the shop
  add kind text not null default 'other',           -- hosting, dns, vps, domain, certificate, other …
  add description text not null default '',
  add paytype text not null default 'Free' check (paytype in ('Free', 'Once', 'Regular', 'Metered')),
  add tags text[] not null default '{}',
  add stock integer check (stock >= 0),              -- what is left; null: not counted
  add stocked integer check (stocked >= 0),          -- what the catalogue's file put in, in all; the rest is sold
  add taxed boolean not null default true,
  add host_name text not null default 'optional' check (host_name in ('none', 'optional', 'required')),
  -- Bills to this day of the month, so that the first period is shorter; null: from the day of the order.
  add prorata_day smallint check (prorata_day between 1 and 31),
  add provision_on text not null default 'payment' check (provision_on in ('order', 'payment', 'manual')),
  add provisioner text not null default 'none',      -- the driver that makes services of it
  add provisioner_options jsonb not null default '{}',
  add position integer not null default 0,
  add retired_at timestamptz;
create index product_category on product (category_id, position, id);

-- A field of the form that configures a product.
create table form_field (
  id bigint generated always as identity (start with 1001) primary key,
  product_id bigint not null references product,
  key text not null,
  type text not null check (type in ('select', 'radio', 'checkbox', 'qty', 'slider', 'input', 'textarea')),
  title text not null,
  description text not null default '',
  required boolean not null default false,
  minimum integer not null default 0 check (minimum >= 0),   -- of qty and slider
  maximum integer check (maximum >= minimum),
  step integer not null default 1 check (step > 0),
  config jsonb not null default '{}',                        -- shown to clients as it is: enableddefault, conditionals
  position integer not null default 0,
  retired_at timestamptz,
  unique (product_id, key)
);

-- A choice of a field; qty, slider, checkbox, input and textarea have exactly one.
create table form_item (
  id bigint generated always as identity (start with 10001) primary key,
  field_id bigint not null references form_field,
  key text not null,
  title text not null,
  selected boolean not null default false,                   -- chosen unless the order says otherwise
  position integer not null default 0,
  retired_at timestamptz,
  unique (field_id, key)
);

-- Something that is bought with a product and billed on its own.
create table addon (
  id bigint generated always as identity primary key,
  key text not null unique,
  name text not null,
  description text not null default '',
  paytype text not null check (paytype in ('Free', 'Once', 'Regular')),
  taxed boolean not null default true,
  provisioner text not null default 'none',                  -- 'none': whatever makes its product
  provisioner_options jsonb not null default '{}',
  retired_at timestamptz
);
create table product_addon (
  product_id bigint not null references product,
  addon_id bigint not null references addon,
  position integer not null default 0,
  primary key (product_id, addon_id)
);
-- Other products that can be bought with one, and those that it can become.
create table subproduct (
  product_id bigint not null references product,
  subproduct_id bigint not null references product,
  position integer not null default 0,
  primary key (product_id, subproduct_id)
);
create table product_upgrade (
  product_id bigint not null references product,
  target_id bigint not null references product,
  primary key (product_id, target_id),
  check (product_id <> target_id)
);

create table tld (
  id bigint generated always as identity primary key,
  name text not null unique check (name ~ '^\.[a-z0-9.-]+$'),   -- '.com', '.co.uk', A-labels
  category_id bigint references category,
  taxed boolean not null default true,
  registrar text not null default 'manual',                  -- the driver that registers
  registrar_options jsonb not null default '{}',
  needs_epp_code boolean not null default true,
  position integer not null default 0,
  retired_at timestamptz
);

-- One price, of exactly one thing. A domain's cycles are y1 … y10, and `action` says what is paid for.
create table price (
  id bigint generated always as identity primary key,
  product_id bigint references product,
  item_id bigint references form_item,
  addon_id bigint references addon,
  tld_id bigint references tld,
  currency text not null references currency,
  cycle text not null check (cycle in ('h', 'd', 'w', 'm', 'q', 's', 'a', 'b', 't', 'p4', 'p5', 'Once', 'Free',
    'y1', 'y2', 'y3', 'y4', 'y5', 'y6', 'y7', 'y8', 'y9', 'y10')),
  action text not null default '' check (action in ('', 'register', 'transfer', 'renew', 'redemption')),
  price_minor bigint not null check (price_minor >= 0),
  setup_minor bigint not null default 0 check (setup_minor >= 0),
  check (num_nonnulls(product_id, item_id, addon_id, tld_id) = 1),
  check ((tld_id is null) = (action = '')),
  check ((tld_id is null) = (cycle not like 'y%'))
);
create unique index price_product on price (product_id, currency, cycle) where product_id is not null;
create unique index price_item on price (item_id, currency, cycle) where item_id is not null;
create unique index price_addon on price (addon_id, currency, cycle) where addon_id is not null;
create unique index price_tld on price (tld_id, currency, action, cycle) where tld_id is not null;

create table promo_code (
  id bigint generated always as identity primary key,
  code text not null unique check (code = upper(code)),
  kind text not null check (kind in ('percent', 'fixed')),
  percent numeric(6, 3) check (percent > 0 and percent <= 100),
  amounts jsonb,                     -- minor units by currency, for fixed: taken off each line it applies to
  recurring boolean not null default false,                  -- also off renewals; otherwise off the first period only
  with_setup boolean not null default false,                 -- off setup fees too
  starts_at timestamptz,
  ends_at timestamptz,
  cycles text[] not null default '{}',                       -- empty: every cycle
  new_clients_only boolean not null default false,           -- accounts without an order before
  max_uses integer check (max_uses >= 0),
  max_uses_per_account integer check (max_uses_per_account >= 0),
  uses integer not null default 0 check (uses >= 0),
  retired_at timestamptz,
  check ((kind = 'percent') = (percent is not null)),
  check ((kind = 'fixed') = (amounts is not null)),
  constraint promo_code_limit check (max_uses is null or uses <= max_uses)
);
-- What a code is good for; without rows, for everything.
create table promo_target (
  id bigint generated always as identity primary key,
  promo_id bigint not null references promo_code,
  product_id bigint references product,
  addon_id bigint references addon,
  tld_id bigint references tld,
  max_uses integer check (max_uses >= 0),
  uses integer not null default 0 check (uses >= 0),
  check (num_nonnulls(product_id, addon_id, tld_id) = 1),
  constraint promo_target_limit check (max_uses is null or uses <= max_uses)
);
create unique index promo_target_product on promo_target (promo_id, product_id) where product_id is not null;
create unique index promo_target_addon on promo_target (promo_id, addon_id) where addon_id is not null;
create unique index promo_target_tld on promo_target (promo_id, tld_id) where tld_id is not null;
create table promo_account (
  promo_id bigint not null references promo_code,
  account_id bigint not null references account,
  uses integer not null check (uses >= 0),
  primary key (promo_id, account_id)
);

-- A rate holds from its day until the next row of the same place and level. A rate of 0 ends a tax.
create table tax_rate (
  id bigint generated always as identity primary key,
  country text not null check (country ~ '^[A-Z]{2}$'),
  state text not null default '',    -- '': the whole country
  level smallint not null default 1 check (level in (1, 2)),
  name text not null,                -- as invoices show it: VAT, GST …
  percent numeric(6, 3) not null check (percent >= 0 and percent < 100),
  valid_from date not null,
  unique (country, state, level, valid_from)
);
-- The standard rates of the EU, by which services are taxed that are rendered electronically; the last before 2024 and since.
insert into tax_rate (country, state, name, percent, valid_from) values
  ('AT', '', 'VAT', 20, '2023-01-01'),
  ('AT', 'Jungholz and Mittelberg', 'VAT', 19, '2023-01-01'),
  ('BE', '', 'VAT', 21, '2023-01-01'),
  ('BG', '', 'VAT', 20, '2023-01-01'),
  ('CY', '', 'VAT', 19, '2023-01-01'),
  ('CZ', '', 'VAT', 21, '2023-01-01'),
  ('DE', '', 'VAT', 19, '2023-01-01'),
  ('DK', '', 'VAT', 25, '2023-01-01'),
  ('EE', '', 'VAT', 20, '2023-01-01'),
  ('EE', '', 'VAT', 22, '2024-01-01'),
  ('EE', '', 'VAT', 24, '2025-07-01'),
  ('ES', '', 'VAT', 21, '2023-01-01'),
  ('FI', '', 'VAT', 24, '2023-01-01'),
  ('FI', '', 'VAT', 25.5, '2024-09-01'),
  ('FR', '', 'VAT', 20, '2023-01-01'),
  ('GR', '', 'VAT', 24, '2023-01-01'),
  ('HR', '', 'VAT', 25, '2023-01-01'),
  ('HU', '', 'VAT', 27, '2023-01-01'),
  ('IE', '', 'VAT', 23, '2023-01-01'),
  ('IT', '', 'VAT', 22, '2023-01-01'),
  ('LT', '', 'VAT', 21, '2023-01-01'),
  ('LU', '', 'VAT', 16, '2023-01-01'),
  ('LU', '', 'VAT', 17, '2024-01-01'),
  ('LV', '', 'VAT', 21, '2023-01-01'),
  ('MT', '', 'VAT', 18, '2023-01-01'),
  ('NL', '', 'VAT', 21, '2023-01-01'),
  ('PL', '', 'VAT', 23, '2023-01-01'),
  ('PT', '', 'VAT', 23, '2023-01-01'),
  ('PT', 'Azores', 'VAT', 16, '2023-01-01'),
  ('PT', 'Madeira', 'VAT', 22, '2023-01-01'),
  ('RO', '', 'VAT', 19, '2023-01-01'),
  ('RO', '', 'VAT', 21, '2025-08-01'),
  ('SE', '', 'VAT', 25, '2023-01-01'),
  ('SI', '', 'VAT', 22, '2023-01-01'),
  ('SK', '', 'VAT', 20, '2023-01-01'),
  ('SK', '', 'VAT', 23, '2025-01-01');

-- How customers can pay. Secrets of gateways are settings, not rows.
create table payment_method (
  id bigint generated always as identity primary key,
  key text not null unique,
  driver text not null,              -- bank, stripe, credit …
  name text not null,
  fixed_fees jsonb not null default '{}',                    -- minor units by currency
  percent_fee numeric(6, 3) not null default 0 check (percent_fee >= 0 and percent_fee < 100),
  currencies text[] not null default '{}',                   -- empty: every one
  options jsonb not null default '{}',
  position integer not null default 0,
  retired_at timestamptz
);
