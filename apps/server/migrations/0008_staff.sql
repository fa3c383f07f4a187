-- The provider's own people: another sign-in than customers', with roles.

create table staff (
  id bigint generated always as identity (start with 301) primary key,
  email text not null unique check (email = lower(email)),
  name text not null default '',
  role text not null check (role in ('owner', 'billing', 'support', 'readonly')),
  password_hash text not null,
  password_once boolean not null default false,      -- was given out, and is to be replaced at the next sign-in
  totp_secret bytea,                 -- encrypted; null: to be set up at the next sign-in
  totp_last_step bigint,
  created_at timestamptz not null,
  disabled_at timestamptz,
  last_login_at timestamptz
);
create table staff_session (
  hash bytea primary key,            -- SHA-256 of the token
  staff_id bigint not null references staff,
  address text not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  revoked_at timestamptz,
  -- A session whose second factor is not proven yet can do nothing but prove it, with one of a few codes.
  proven boolean not null,
  attempts smallint not null default 0,
  totp_secret bytea                  -- encrypted; what was shown to be set up
);
create index staff_session_staff on staff_session (staff_id);
create index staff_session_expiry on staff_session (expires_at);
alter table audit add staff_id bigint references staff;
create index audit_staff on audit (staff_id, id desc) where staff_id is not null;
