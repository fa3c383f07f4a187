-- What an account has ordered and not paid for is counted with each order; an account's past orders may be many.
create index orders_open on orders (account_id) where status = 'Pending' and kind = 'order';
