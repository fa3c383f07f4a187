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

-- What an order or a change took, to be given back if it is cancelled, whatever the catalogue says by then. Out of whose stock a piece
-- came, null where none was counted; and for each line that its code's discount is on, by which target.
alter table service add column stock_product_id bigint references product;
alter table service_change add column stock_product_id bigint references product;
alter table orders add column promo_target_ids bigint[] not null default '{}';
-- Of what is there it is taken to be what would have been given back until now.
update service set stock_product_id = product_id from product where product.id = product_id and stock is not null;
update service_change set stock_product_id = product_id from product where product.id = product_id and stock is not null;
update orders set promo_target_ids = counted.ids
  from (
    select o.id, array_agg(target.id) as ids
    from orders coded
    join promo_code code on code.id = coded.promo_id
    join orders o on o.id = coded.id or o.invoice_id = coded.invoice_id
    join service s on s.order_id = o.id and (code.cycles = '{}' or s.cycle = any(code.cycles))
    join promo_target target on target.promo_id = code.id
      and (target.product_id = s.product_id or target.addon_id = s.addon_id or target.tld_id = s.tld_id)
    where coded.status = 'Pending' and o.status = 'Pending' group by o.id
  ) counted where counted.id = orders.id;
