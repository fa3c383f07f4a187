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

/** Puts so many back: the order was cancelled. */
export async function returnStock(tx: Tx, productId: string, count: number): Promise<void> {
  await runSql(tx, 'update product set stock = stock + $2::integer where id = $1::bigint and stock is not null', [
    productId,
    count,
  ])
}
