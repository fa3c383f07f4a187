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

/** Puts so many back: the order was cancelled. */
export async function returnStock(tx: Tx, productId: string, count: number): Promise<void> {
  await runSql(tx, 'update product set stock = stock + $2::integer where id = $1::bigint and stock is not null', [
    productId,
    count,
  ])
}
