-- Accounts, the people in them, and how they sign in.

create table account (
  id bigint generated always as identity (start with 1001) primary key,
  status text not null default 'Active' check (status in ('Active', 'Closed')),
  -- Addresses the account may be used from (CIDR texts); empty means from everywhere.
  allowed_addresses text[] not null default '{}',
  created_at timestamptz not null
);

-- The owner of an account and its contacts. The owner has every privilege; a contact has those in `privileges`.
create table profile (
  id bigint generated always as identity (start with 2001) primary key,
  account_id bigint not null references account,
  owner boolean not null default false,
  email text not null check (email = lower(email)),
  firstname text not null default '',
  lastname text not null default '',
  companyname text not null default '',
  address1 text not null default '',
  address2 text not null default '',
  city text not null default '',
  state text not null default '',
  postcode text not null default '',
  country text not null default '',
  phonenumber text not null default '',
  mobilephone text not null default '',
  pushoveruserkey text not null default '',
  vateu text not null default '',
  type text not null default 'Private' check (type in ('Private', 'Company')),
  privileges jsonb not null default '{}',
  created_at timestamptz not null
);
create unique index profile_owner on profile (account_id) where owner;
create index profile_account on profile (account_id, id);

-- A profile that can sign in. The e-mail address is the user name, unique over the installation.
create table login (
  profile_id bigint primary key references profile on delete cascade,
  account_id bigint not null references account,
  email text not null unique check (email = lower(email)),
  password_hash text not null,
  totp_secret bytea,               -- encrypted (secrets.ts); null: no second factor
  totp_last_step bigint,           -- a code is good for one use
  last_login_at timestamptz,
  last_login_address text,
  last_login_host text not null default '',
  password_changed_at timestamptz not null
);
create index login_account on login (account_id);

-- One sign-in; access and refresh tokens belong to it. Revoking it ends them all.
create table session (
  id uuid primary key,
  profile_id bigint not null references profile on delete cascade,
  account_id bigint not null references account,
  address text not null,
  user_agent text not null default '',
  created_at timestamptz not null,
  expires_at timestamptz not null,
  revoked_at timestamptz
);
create index session_profile on session (profile_id);
create index session_expiry on session (expires_at);

create table refresh_token (
  hash bytea primary key,          -- SHA-256 of the token; the token itself is never stored
  session_id uuid not null references session on delete cascade,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz              -- a second use revokes the session
);
create index refresh_token_session on refresh_token (session_id);

create table personal_token (
  id bigint generated always as identity primary key,
  profile_id bigint not null references profile on delete cascade,
  account_id bigint not null references account,
  name text not null,
  hash bytea not null unique,      -- SHA-256 of the secret
  scopes jsonb,                    -- null: whatever the profile may
  allowed_addresses text[] not null default '{}',
  created_at timestamptz not null,
  expires_at timestamptz,
  last_used_at timestamptz,
  revoked_at timestamptz
);
create index personal_token_profile on personal_token (profile_id);

-- Keys that sign access tokens (RS256). The newest one not retired signs; all that are not expired verify.
create table signing_key (
  kid text primary key,
  private_key bytea not null,      -- encrypted PKCS #8
  public_jwk jsonb not null,
  created_at timestamptz not null,
  retired_at timestamptz
);

-- Failed attempts by user name and by address (`user:…`, `address:…`), for every node alike.
create table attempt (
  bucket text primary key,
  failures integer not null,
  first_at timestamptz not null,
  blocked_until timestamptz
);

create table mfa_challenge (
  hash bytea primary key,
  profile_id bigint not null references profile on delete cascade,
  attempts integer not null default 0,
  expires_at timestamptz not null
);

create table password_reset (
  hash bytea primary key,
  profile_id bigint not null references profile on delete cascade,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz
);
create index password_reset_profile on password_reset (profile_id);

-- What happened: every mutation writes one row in its own transaction.
create table audit (
  id bigint generated always as identity primary key,
  account_id bigint references account,
  at timestamptz not null,
  event text not null,             -- dotted, e.g. dns.record.create
  description text not null,
  detail jsonb not null default '{}',
  actor text not null,             -- e-mail of the person, or 'system', 'operator'
  actor_profile_id bigint,
  address text not null default '',
  request_id text not null default ''
);
create index audit_account on audit (account_id, id desc);
