-- What is left of deliveries: those that nobody has worked on yet are looked for each hour, the others go after a while.
create index inbound_event_open on inbound_event (received_at) where processed_at is null;
create index inbound_event_done on inbound_event (processed_at) where processed_at is not null;

-- What a service was changed by is looked up with each renewal; the index there was holds open changes only.
create index service_change_service on service_change (service_id);

-- Nothing was ever posted to writeoff and rounding.
alter table ledger_posting drop constraint ledger_posting_ledger_check, add constraint ledger_posting_ledger_check
  check (ledger ~ '^(receivable|credit|revenue|tax|fees|refunds|clearing:[a-z0-9_-]+)$');
