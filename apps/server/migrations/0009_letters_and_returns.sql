-- When its owner was told of a document. What is final and has no such time waits for its letter (modules/renewals).
alter table invoice add column told_at timestamptz;
update invoice set told_at = coalesce((select at from dunning where invoice_id = id and stage = 'issued'), finalised_at)
  where finalised_at is not null;
delete from dunning where stage = 'issued';
create index invoice_untold on invoice (id) where told_at is null and finalised_at is not null;

-- What orders gave back, until it is counted again (modules/catalog). Whoever gives back holds a number series, which
-- whoever takes may wait for: so it locks no stock and no code.
create table stock_return (
  id bigint generated always as identity primary key,
  product_id bigint not null references product,
  pieces integer not null check (pieces > 0)
);
create index stock_return_product on stock_return (product_id);

create table promo_return (
  id bigint generated always as identity primary key,
  promo_id bigint not null references promo_code,
  account_id bigint not null references account,
  target_ids bigint[] not null,
  counts integer[] not null check (cardinality(counts) = cardinality(target_ids))
);
create index promo_return_promo on promo_return (promo_id);
create index promo_return_account on promo_return (account_id);
