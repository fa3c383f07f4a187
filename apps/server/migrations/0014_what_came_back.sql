-- Money of a payment that had left us and came back: a refund that could not be delivered, a dispute that was won.
alter table payment add column returns_id bigint references payment;
update payment set returns_id = back.reverses_id from payment as back
  where payment.kind = 'payment' and back.kind <> 'payment' and back.account_id = payment.account_id
    and back.gateway = payment.gateway and back.external_id = payment.external_id and back.amount_minor = payment.amount_minor;
-- What was given back of it since was written down of itself.
update payment set reverses_id = again.returns_id from payment as again
  where payment.reverses_id = again.id and again.returns_id is not null;
alter table payment add check (returns_id is null or kind = 'payment');
create index payment_returns on payment (returns_id) where returns_id is not null;
