-- Answers kept for requests that carried an Idempotency-Key. Written in the transaction of the change itself, so after
-- a crash either both are there or neither.
create table idempotent_answer (
  scope text not null,             -- account:ID, or address:ADDR for calls without an identity
  key text not null check (length(key) between 1 and 255),
  fingerprint bytea not null,      -- SHA-256 of method, path, account and body
  status smallint not null,
  answer bytea not null,           -- encrypted: some answers hold secrets
  created_at timestamptz not null,
  primary key (scope, key)
);
create index idempotent_answer_created on idempotent_answer (created_at);
