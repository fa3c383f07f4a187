-- Zones and their records: the wanted state. Name servers follow this table (docs/decisions).

-- Records and the SOA of each zone share their ids, so that the SOA can be listed among the records.
create sequence dns_record_id as bigint start with 9001;

create table dns_zone (
  id bigint generated always as identity (start with 501) primary key,
  account_id bigint not null references account,
  service_id bigint not null references service,
  name text not null check (name = lower(name)),   -- A-labels, no trailing dot
  serial bigint not null check (serial between 0 and 4294967295),   -- of the SOA; RFC 1982
  soa_id bigint not null default nextval('dns_record_id'),
  version bigint not null default 1,               -- grows with every change; the ETag
  -- The transaction that changed the zone last: a follower reads what is at or past the snapshot it read before.
  changed_xid xid8 not null default pg_current_xact_id(),
  changed_at timestamptz not null,
  created_at timestamptz not null,
  deleted_at timestamptz                           -- kept a while, so that followers remove it
);
create unique index dns_zone_name on dns_zone (name) where deleted_at is null;
create index dns_zone_service on dns_zone (service_id, id) where deleted_at is null;
create index dns_zone_deleted on dns_zone (name) where deleted_at is not null;
create index dns_zone_changed on dns_zone (changed_xid);
-- Finds the zones below a name: `reverse(name) like 'moc.elpmaxe.%'`.
create index dns_zone_below on dns_zone (reverse(name) text_pattern_ops) where deleted_at is null;

create table dns_record (
  id bigint primary key default nextval('dns_record_id'),
  zone_id bigint not null references dns_zone,
  name text not null,              -- full name, lower case, A-labels, no trailing dot
  type text not null,
  ttl integer not null check (ttl >= 0),
  priority integer not null default 0 check (priority between 0 and 65535),
  content text not null,           -- canonical, without the priority of MX and SRV; host names without trailing dot
  changed_at timestamptz not null
);
create index dns_record_zone on dns_record (zone_id, id);
create unique index dns_record_unique on dns_record (zone_id, name, type, priority, md5(content));
-- What the redirect web server looks up by the Host of a request.
create index dns_record_redirect on dns_record (name) where type in ('URL', 'FRAME');

-- A zone a name server did not take: why, and when it is tried again. Gone once it took it.
create table dns_publish_failure (
  server text not null,
  zone_id bigint not null references dns_zone on delete cascade,
  version bigint not null,
  attempts integer not null,
  error text not null,
  next_attempt_at timestamptz not null,
  primary key (server, zone_id)
);
