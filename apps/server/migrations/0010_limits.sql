-- What an account has ordered and not paid for is counted with each order; an account's past orders may be many.
create index orders_open on orders (account_id) where status = 'Pending' and kind = 'order';

-- From where somebody of the staff has signed in, with both factors: an address, or the /64 of an IPv6 address. Wrong
-- passwords from elsewhere do not keep them out from there.
create table staff_network (
  staff_id bigint not null references staff,
  network text not null,
  last_at timestamptz not null,
  primary key (staff_id, network)
);
create index staff_network_age on staff_network (last_at);
