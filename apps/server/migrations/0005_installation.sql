-- One row: facts of the installation as a whole.
create table installation (
  only_one boolean primary key default true check (only_one),
  key_check bytea not null,        -- a known text under the master key: tells a wrong key before it does harm
  created_at timestamptz not null
);
