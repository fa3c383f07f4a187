-- Orders, services, invoices, the ledger, payments. Amounts are integers of minor units of the row's currency.

-- The row of the account is the lock of its money: `for no key update`, always before locks on its invoices.
alter table account
  add currency text not null default 'EUR' references currency,
  add payment_method_id bigint references payment_method,
  add tax_exempt boolean not null default false,
  add auto_apply_credit boolean not null default true,
  -- Something about its money does not add up: nothing is billed until somebody has looked.
  add parked_at timestamptz,
  add parked_reason text;
create index account_parked on account (parked_at) where parked_at is not null;

create table orders (
  id bigint generated always as identity primary key,
  number integer not null check (number between 100000000 and 999999999),
  account_id bigint not null references account,
  status text not null check (status in ('Pending', 'Active', 'Cancelled', 'Fraud')),
  kind text not null check (kind in ('order', 'upgrade')),
  invoice_id bigint,                 -- null: nothing to pay
  promo_id bigint references promo_code,
  affiliate_id bigint,
  payment_method_id bigint references payment_method,
  currency text not null references currency,
  total_minor bigint not null check (total_minor >= 0),
  created_at timestamptz not null,
  decided_at timestamptz,            -- accepted, cancelled or marked as fraud
  constraint order_number unique (number)
);
create index orders_account on orders (account_id, id desc);
create index orders_invoice on orders (invoice_id);
create index orders_pending on orders (created_at) where status = 'Pending';

-- A service is anything billed by the period: a product, an addon of one, a domain.
alter table service
  alter product_id drop not null,
  add kind text not null default 'product' check (kind in ('product', 'addon', 'domain')),
  add addon_id bigint references addon,
  add tld_id bigint references tld,
  add parent_id bigint references service,
  add order_id bigint references orders,
  add name text not null default '',                          -- host name, or the name of a domain
  add currency text not null default 'EUR' references currency,
  add cycle text not null default 'Free',
  add config jsonb not null default '{}',                     -- what was chosen: quantity (or text) by item by field
  add price_minor bigint not null default 0 check (price_minor >= 0),     -- of one period, before tax and promo
  add first_payment_minor bigint not null default 0 check (first_payment_minor >= 0),
  add promo_id bigint references promo_code,                  -- whose discount is recurring, as it was when ordered:
  add discount_percent numeric(6, 3) check (discount_percent > 0 and discount_percent <= 100),
  add discount_minor bigint check (discount_minor >= 0),
  add anchor_day smallint check (anchor_day between 1 and 31),
  add started_at timestamptz,
  add invoiced_until timestamptz,    -- end of the last period that stands on an invoice
  add paid_until timestamptz,        -- end of the last period that is paid: next_due
  add next_invoice_at timestamptz,   -- null: never
  add suspended_at timestamptz,
  add suspend_reason text,           -- overdue, staff
  add cancel_at timestamptz,         -- was asked to end then, and is not renewed
  add ended_at timestamptz,
  add username text not null default '',
  add password bytea,                -- encrypted
  add provisioning text not null default 'none' check (provisioning in ('none', 'queued', 'running', 'failed', 'done')),
  add provisioning_error text,
  -- What the provisioner has brought about, and how often it was asked for something else.
  add provisioned text not null default 'nothing' check (provisioned in ('nothing', 'running', 'suspended')),
  add wanted_revision integer not null default 0,
  add external_id text,              -- what the provisioner calls it
  add constraint service_discount check (num_nonnulls(discount_percent, discount_minor) = num_nonnulls(promo_id)),
  add constraint service_thing check (num_nonnulls(product_id, addon_id, tld_id) = 1),
  add constraint service_kind check ((kind = 'product') = (product_id is not null) and (kind = 'addon') = (addon_id is not null));
create index service_renewal on service (next_invoice_at, id) where status = 'Active' and next_invoice_at is not null;
create index service_order on service (order_id);
create index service_parent on service (parent_id) where parent_id is not null;
create index service_cancellation on service (cancel_at) where cancel_at is not null and ended_at is null;

-- What a domain order says beyond a service.
create table domain (
  service_id bigint primary key references service,
  name text not null check (name = lower(name)),              -- A-labels
  action text not null check (action in ('register', 'transfer')),
  status text not null check (status in ('Pending', 'Pending Registration', 'Pending Transfer', 'Active', 'Expired', 'Cancelled', 'Fraud', 'Transferred Out')),
  epp_code bytea,                    -- encrypted
  expires_at timestamptz
);
create unique index domain_name on domain (name) where status not in ('Cancelled', 'Fraud', 'Transferred Out');

-- Numbers are given under the lock of their row, in the transaction that needs them, so that none is lost or given twice.
create table number_series (
  name text not null check (name in ('invoice', 'proforma', 'credit_note')),
  period text not null,              -- the year or month that is counted in; '' where counting never starts anew
  next bigint not null check (next > 1),
  primary key (name, period)
);

create table invoice (
  id bigint generated always as identity (start with 5001) primary key,
  account_id bigint not null references account,
  kind text not null default 'invoice' check (kind in ('invoice', 'credit_note')),
  status text not null check (status in ('Draft', 'Unpaid', 'Paid', 'Cancelled', 'Refunded', 'Collections')),
  number text unique,                -- the final one: given once, never changed
  series_period text,                -- with series_number: what the number was made of, for the check of gaps
  series_number bigint,
  proforma_number text unique,
  currency text not null references currency,
  rate numeric(18, 8) not null default 1,
  issued_on date not null,           -- days are those of the brand's time zone
  original_on date not null,         -- the day of the pro-forma, where the final invoice has a later one
  due_on date not null,
  paid_at timestamptz,
  subtotal_minor bigint not null default 0,          -- net, after discounts
  tax_minor bigint not null default 0,
  tax2_minor bigint not null default 0,
  total_minor bigint not null default 0,
  tax_percent numeric(6, 3) not null default 0,
  tax2_percent numeric(6, 3) not null default 0,
  tax_exempt boolean not null default false,
  tax_inclusive boolean not null default false,
  credit_minor bigint not null default 0 check (credit_minor >= 0),   -- paid by credit
  paid_minor bigint not null default 0 check (paid_minor >= 0),       -- paid in all, credit included; equals the postings
  -- Taken off what is owed without being paid: by credit notes, or because it is void.
  credited_minor bigint not null default 0 check (credited_minor >= 0),
  due_minor bigint not null generated always as (
    case when kind = 'invoice' and status <> 'Draft' then total_minor - paid_minor - credited_minor else 0 end
  ) stored,
  tax jsonb not null default '[]',   -- the groups: [{name, percent, level, base_minor, tax_minor, category, reason}]
  seller jsonb not null default '{}',
  buyer jsonb not null default '{}',
  payment_method_id bigint references payment_method,
  notes text not null default '',
  corrects_id bigint references invoice,             -- a credit note's invoice
  merged_into_id bigint references invoice,
  -- Which one it is of the account's documents, from 1, none left out; null: a draft. Lists are paged by it, so that the
  -- last page of 10 000 costs what the first does, and nobody counts them.
  place integer check (place > 0),
  late_fee_of_id bigint unique references invoice,   -- the overdue invoice that this one charges a late fee for
  created_at timestamptz not null,
  finalised_at timestamptz,
  check (subtotal_minor + tax_minor + tax2_minor = total_minor),
  check (total_minor >= 0),
  check (due_minor >= 0),
  check (credit_minor <= paid_minor),
  check ((kind = 'credit_note') = (corrects_id is not null)),
  check ((status = 'Draft') = (finalised_at is null)),
  check ((status = 'Draft') = (place is null)),
  constraint invoice_place unique (account_id, place)
);
create index invoice_open on invoice (due_on, id) where status in ('Unpaid', 'Collections');
create unique index invoice_series on invoice (kind, series_period, series_number) where series_number is not null;
create index invoice_corrects on invoice (corrects_id) where corrects_id is not null;
alter table orders add foreign key (invoice_id) references invoice;

create table invoice_line (
  id bigint generated always as identity (start with 9001) primary key,
  invoice_id bigint not null references invoice,
  position integer not null,
  type text not null,                -- Hosting, Addon, Domain Register, Domain Transfer, Domain Renew, Upgrade, Discount, Credit, Fee, Other
  item_id bigint not null default 0, -- what it is for: a service; -2 the payment fee, -3 a late fee; 0 nothing
  description text not null,
  quantity numeric(12, 3) not null default 1,
  unit_minor bigint not null,        -- as priced: with tax if the invoice is inclusive
  amount_minor bigint not null,      -- quantity × unit, in the same sense; negative for discounts
  net_minor bigint not null,         -- its part of the subtotal; these sum to it
  tax_minor bigint not null default 0,               -- its part of both taxes; these sum to them
  taxed boolean not null,
  corrects_id bigint references invoice_line,        -- of a credit note: the line of the invoice that it takes back
  unique (invoice_id, position)
);
create index invoice_line_corrects on invoice_line (corrects_id) where corrects_id is not null;

-- A period of a service that stands on an invoice: the one thing that keeps a period from being billed twice.
create table billed_period (
  id bigint generated always as identity primary key,
  account_id bigint not null references account,
  service_id bigint not null references service,
  line_id bigint references invoice_line,            -- null: free of charge
  reason text not null check (reason in ('order', 'renewal', 'upgrade')),
  starts_at timestamptz not null,
  ends_at timestamptz not null check (ends_at > starts_at),
  net_minor bigint not null,                         -- what was billed for it, after discounts, before tax
  -- Replaced by a change from this day on: what was left of it has been credited. Null: it stands to its end.
  ended_at timestamptz,
  released_at timestamptz,                           -- its invoice was cancelled: it may be billed again
  check (net_minor >= 0)
);
create unique index billed_period_once on billed_period (service_id, starts_at, reason) where released_at is null and reason <> 'upgrade';
create index billed_period_line on billed_period (line_id);
create index billed_period_service on billed_period (service_id, ends_at);

-- A change of a service that was asked for: upgrade of its configuration or product, or another cycle.
create table service_change (
  id bigint generated always as identity primary key,
  account_id bigint not null references account,
  service_id bigint not null references service,
  apply text not null check (apply in ('now', 'renewal')),
  state text not null check (state in ('queued', 'invoiced', 'applied', 'cancelled', 'expired')),
  product_id bigint references product,              -- what it becomes; null: stays
  config jsonb,
  cycle text,
  price_minor bigint not null check (price_minor >= 0),       -- of one period from then on
  setup_minor bigint not null default 0 check (setup_minor >= 0),         -- once, for what is new
  order_id bigint references orders,
  invoice_id bigint references invoice,
  created_at timestamptz not null,
  starts_at timestamptz,             -- of the renewed period that it was invoiced with
  expires_at timestamptz,
  decided_at timestamptz
);
create unique index service_change_open on service_change (service_id) where state in ('queued', 'invoiced');
create index service_change_expiry on service_change (expires_at) where state = 'invoiced' and expires_at is not null;
create index service_change_invoice on service_change (invoice_id) where invoice_id is not null;

-- The ledger: double entry. Debits are positive. An entry is written once and whole, and never changed.
create table ledger_entry (
  id bigint generated always as identity primary key,
  at timestamptz not null,
  event text not null,               -- invoice.issue, payment.receive, credit.apply …
  -- What the entry is about, so that an event that arrives twice is booked once.
  key text not null unique,
  description text not null default ''
);
create table ledger_posting (
  id bigint generated always as identity primary key,
  entry_id bigint not null references ledger_entry,
  -- receivable and credit are of a client (account_id); clearing accounts name their gateway: clearing:stripe.
  ledger text not null check (ledger ~ '^(receivable|credit|revenue|tax|fees|refunds|writeoff|rounding|clearing:[a-z0-9_-]+)$'),
  account_id bigint references account,
  invoice_id bigint references invoice,
  currency text not null references currency,
  amount_minor bigint not null check (amount_minor <> 0),
  check (ledger not in ('receivable', 'credit') or account_id is not null)
);
create index ledger_posting_entry on ledger_posting (entry_id);
create index ledger_posting_client on ledger_posting (account_id, ledger, currency) include (amount_minor);
create index ledger_posting_invoice on ledger_posting (invoice_id, ledger) include (amount_minor) where invoice_id is not null;

create function ledger_entry_balanced() returns trigger language plpgsql as $$
begin
  if exists (select 1 from ledger_posting where entry_id = new.entry_id group by currency having sum(amount_minor) <> 0) then
    raise exception 'ledger entry % is not balanced', new.entry_id using errcode = '23514', constraint = 'ledger_entry_balanced';
  end if;
  return null;
end $$;
create constraint trigger ledger_entry_balanced after insert on ledger_posting
  deferrable initially deferred for each row execute function ledger_entry_balanced();

create function written_once() returns trigger language plpgsql as $$
begin
  raise exception '% is written once', tg_table_name using errcode = '23514', constraint = 'written_once';
end $$;
create trigger written_once before update or delete on ledger_entry for each row execute function written_once();
create trigger written_once before update or delete on ledger_posting for each row execute function written_once();
create trigger written_once_all before truncate on ledger_entry for each statement execute function written_once();
create trigger written_once_all before truncate on ledger_posting for each statement execute function written_once();

-- A document that left the house is corrected by another document, never changed.
create function invoice_is_final() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' then
    if old.status <> 'Draft' then
      raise exception 'invoice % is not a draft', old.id using errcode = '23514', constraint = 'invoice_is_final';
    end if;
    return old;
  end if;
  if old.finalised_at is not null and (
    new.account_id, new.kind, new.currency, new.rate, new.subtotal_minor, new.tax_minor, new.tax2_minor, new.total_minor, new.tax_percent,
    new.tax2_percent, new.tax_exempt, new.tax_inclusive, new.tax, new.seller, new.corrects_id, new.late_fee_of_id, new.original_on, new.created_at,
    new.finalised_at, new.proforma_number, new.place
  ) is distinct from (
    old.account_id, old.kind, old.currency, old.rate, old.subtotal_minor, old.tax_minor, old.tax2_minor, old.total_minor, old.tax_percent,
    old.tax2_percent, old.tax_exempt, old.tax_inclusive, old.tax, old.seller, old.corrects_id, old.late_fee_of_id, old.original_on, old.created_at,
    old.finalised_at, old.proforma_number, old.place
  ) then
    raise exception 'invoice % is final', old.id using errcode = '23514', constraint = 'invoice_is_final';
  end if;
  if old.number is not null and (new.number, new.series_period, new.series_number, new.issued_on, new.buyer)
    is distinct from (old.number, old.series_period, old.series_number, old.issued_on, old.buyer) then
    raise exception 'invoice % has its number', old.id using errcode = '23514', constraint = 'invoice_is_final';
  end if;
  return new;
end $$;
create trigger invoice_is_final before update or delete on invoice for each row execute function invoice_is_final();

create function invoice_line_is_final() returns trigger language plpgsql as $$
declare
  document bigint := case when tg_op = 'INSERT' then new.invoice_id else old.invoice_id end;
begin
  if exists (select 1 from invoice where id = document and finalised_at is not null) then
    raise exception 'invoice % is final', document using errcode = '23514', constraint = 'invoice_is_final';
  end if;
  return case when tg_op = 'DELETE' then old else new end;
end $$;
create trigger invoice_line_is_final before insert or update or delete on invoice_line
  for each row execute function invoice_line_is_final();

-- Money that came in, went back, or was reversed, at a gateway or by hand.
create table payment (
  id bigint generated always as identity primary key,
  account_id bigint not null references account,
  invoice_id bigint references invoice,              -- null: straight to credit
  method_id bigint references payment_method,
  gateway text not null,             -- bank, stripe, credit, manual …
  external_id text not null,         -- what the gateway calls it
  kind text not null check (kind in ('payment', 'refund', 'chargeback')),
  amount_minor bigint not null check (amount_minor > 0),
  fee_minor bigint not null default 0 check (fee_minor >= 0),
  -- How much of it went to the client's credit (a payment), or was taken from there (what reverses one).
  credited_minor bigint not null default 0 check (credited_minor between 0 and amount_minor),
  currency text not null references currency,
  reverses_id bigint references payment,
  at timestamptz not null,
  note text not null default '',
  constraint payment_once unique (gateway, external_id, kind),
  check ((kind = 'payment') = (reverses_id is null))
);
create index payment_invoice on payment (invoice_id);
create index payment_account on payment (account_id, id desc);
create index payment_reverses on payment (reverses_id) where reverses_id is not null;

-- The lease on charging an invoice: whoever has the open row, and nobody else, may ask a gateway for its money.
create table charge_attempt (
  id uuid primary key,               -- the idempotency key at the gateway
  account_id bigint not null references account,
  invoice_id bigint not null references invoice,
  method_id bigint not null references payment_method,
  kind text not null check (kind in ('checkout', 'off_session')),
  state text not null check (state in ('open', 'unknown', 'succeeded', 'failed', 'expired')),
  amount_minor bigint not null check (amount_minor > 0),
  currency text not null references currency,
  save_card boolean not null default false,
  external_id text,                  -- of the checkout session or the payment intent
  url text,
  error text,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  decided_at timestamptz
);
create unique index charge_attempt_lease on charge_attempt (invoice_id) where state in ('open', 'unknown');
create index charge_attempt_external on charge_attempt (external_id);
create index charge_attempt_due on charge_attempt (expires_at) where state in ('open', 'unknown');

-- A payment that is being given back at its gateway.
create table refund_attempt (
  id uuid primary key,               -- the idempotency key at the gateway
  account_id bigint not null references account,
  payment_id bigint not null references payment,
  state text not null check (state in ('open', 'succeeded', 'failed')),
  amount_minor bigint not null check (amount_minor > 0),
  note text not null default '',
  external_id text,
  error text,
  created_at timestamptz not null,
  decided_at timestamptz
);
create unique index refund_attempt_lease on refund_attempt (payment_id) where state = 'open';

create table saved_card (
  id bigint generated always as identity primary key,
  account_id bigint not null references account,
  method_id bigint not null references payment_method,
  customer_ref text not null,        -- at the gateway
  card_ref text not null,
  brand text not null default '',
  last4 text not null default '',
  expires text not null default '',  -- YYYY-MM
  created_at timestamptz not null,
  removed_at timestamptz
);
create unique index saved_card_once on saved_card (account_id, method_id) where removed_at is null;

-- Deliveries of gateways: stored first, worked on by a job. A gateway repeats itself; each event counts once.
create table inbound_event (
  gateway text not null,
  event_id text not null,
  type text not null,
  payload bytea not null,            -- encrypted
  received_at timestamptz not null,
  processed_at timestamptz,
  error text,
  primary key (gateway, event_id)
);

create table bank_transaction (
  id bigint generated always as identity primary key,
  method_id bigint not null references payment_method,
  fingerprint text not null,         -- the bank's id of it, or a hash of its facts and its place among equals
  booked_on date not null,
  amount_minor bigint not null,
  currency text not null references currency,
  payer text not null default '',
  reference text not null default '',
  state text not null check (state in ('matched', 'unmatched', 'ignored')),
  payment_id bigint references payment,
  reason text not null default '',   -- why it is not matched
  imported_at timestamptz not null,
  constraint bank_transaction_once unique (method_id, fingerprint)
);
create index bank_transaction_open on bank_transaction (booked_on, id) where state = 'unmatched';

-- Reminders and other letters about an invoice: one of each stage.
create table dunning (
  invoice_id bigint not null references invoice,
  stage text not null,               -- issued, before:3, after:1, suspended, terminated …
  at timestamptz not null,
  primary key (invoice_id, stage)
);

create table vat_check (
  id bigint generated always as identity primary key,
  account_id bigint not null references account,
  vat_number text not null,
  state text not null check (state in ('valid', 'invalid', 'unknown')),
  error text,                        -- VIES's own code, where it said unknown
  consultation_number text,
  name text,
  address text,
  checked_at timestamptz not null,
  next_check_at timestamptz
);
create index vat_check_account on vat_check (account_id, id desc);
create index vat_check_due on vat_check (next_check_at) where next_check_at is not null;
create index profile_vat on profile (account_id) where owner and vateu <> '';

-- Test mode only: how far the business clock is ahead of the wall clock.
create table business_clock (
  only_one boolean primary key default true check (only_one),
  ahead_milliseconds bigint not null check (ahead_milliseconds >= 0)
);
