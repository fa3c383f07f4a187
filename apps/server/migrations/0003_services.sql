-- What customers bought. The catalogue behind it comes with billing.

create table product (
  id bigint generated always as identity primary key,
  name text not null unique,
  -- What its services can do; 'dns' gives the dns operations.
  features text[] not null default '{}',
  dns_zone_limit integer check (dns_zone_limit >= 0)
);

create table service (
  id bigint generated always as identity (start with 101) primary key,
  account_id bigint not null references account,
  product_id bigint not null references product,
  label text not null default '',
  status text not null check (status in ('Pending', 'Active', 'Suspended', 'Terminated', 'Cancelled', 'Fraud')),
  dns_zone_limit integer,          -- null: no limit
  dns_zone_count integer not null default 0 check (dns_zone_count >= 0),
  created_at timestamptz not null,
  constraint dns_zone_limit check (dns_zone_limit is null or dns_zone_count <= dns_zone_limit)
);
create index service_account on service (account_id, id);
