import { runSql, type Tx } from '../../db/database.ts'

/**
 * Takes so many of a product out of its stock: false when there are not so many left. The row stays locked until the
 * transaction ends; products that are not counted are not locked.
 */
export async function takeStock(tx: Tx, productId: string, count: number): Promise<boolean> {
  const [row] = await runSql<{ taken: boolean }>(
    tx,
    `with taken as (
      update product set stock = stock - $2::integer where id = $1::bigint and stock >= $2::integer returning 1
    )
    select exists (select from taken) or exists (select from product where id = $1::bigint and stock is null) as taken`,
    [productId, count],
  )
  return row?.taken === true
}

/**
 * What is left of those products that are counted, whose rows are locked until the transaction ends. In the order of
 * their ids, so that two carts never wait for each other.
 */
export async function lockStock(tx: Tx, productIds: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const rows = await runSql<{ id: string; stock: number }>(
    tx,
    'select id, stock from product where id = any($1::bigint[]) and stock is not null order by id for no key update',
    [productIds],
  )
  return new Map(rows.map(({ id, stock }) => [id, stock]))
}

/** Sets what is left of products after {@link lockStock}. */
export async function setStock(tx: Tx, left: ReadonlyMap<string, number>): Promise<void> {
  await runSql(
    tx,
    `update product set stock = given.stock from unnest($1::bigint[], $2::integer[]) as given (id, stock)
     where product.id = given.id`,
    [[...left.keys()], [...left.values()]],
  )
}

/** Puts so many back: the order was cancelled. It locks nothing; countReturns makes them available. */
export async function returnStock(tx: Tx, pieces: ReadonlyMap<string, number>): Promise<void> {
  if (pieces.size === 0) return
  await runSql(
    tx,
    'insert into stock_return (product_id, pieces) select * from unnest($1::bigint[], $2::integer[]) as given',
    [[...pieces.keys()], [...pieces.values()]],
  )
}

/** Adds what was put back to what is left, in the order of {@link lockStock}. */
export async function countReturnedStock(tx: Tx): Promise<void> {
  const rows = await runSql<{ id: string }>(
    tx,
    `select id from product where id in (select product_id from stock_return) order by id for no key update`,
  )
  if (rows.length === 0) return
  await runSql(
    tx,
    `with back as (delete from stock_return where product_id = any($1::bigint[]) returning product_id, pieces),
       sums as (select product_id, sum(pieces)::integer as pieces from back group by product_id)
     update product set stock = stock + sums.pieces from sums where product.id = sums.product_id and stock is not null`,
    [rows.map(({ id }) => id)],
  )
}
