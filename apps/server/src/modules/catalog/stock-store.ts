import { runSql, type Tx } from '../../db/database.ts'

const takeText = `
with wanted as (select * from unnest($1::bigint[], $2::integer[]) as wanted (id, pieces)),
  taken as (
    update product set stock = stock - pieces from wanted
    where product.id = wanted.id and stock >= pieces
      and not exists (select from product short join wanted on wanted.id = short.id where short.stock < pieces)
    returning 1
  )
select (select count(*) from taken) + count(*) filter (where product.stock is null) = (select count(*) from wanted) as taken
from wanted join product on product.id = wanted.id`

/**
 * Takes so many of each product out of its stock, all of it or, where one has not so many left, nothing: false. What was
 * put back is counted where it is needed. The rows stay locked until the transaction ends; products that are not counted
 * are not locked.
 */
export async function takeStock(tx: Tx, pieces: ReadonlyMap<string, number>): Promise<boolean> {
  const ids = [...pieces.keys()]
  if (ids.length === 0) return true
  if (ids.length > 1) await lockStock(tx, ids)
  const take = async () => {
    const [row] = await runSql<{ taken: boolean }>(tx, takeText, [ids, [...pieces.values()]])
    return row?.taken === true
  }
  if (await take()) return true
  if (ids.length === 1) await lockStock(tx, ids)
  await countLocked(tx, ids)
  // Also where there was nothing: another may have counted while this one waited for the lock.
  return await take()
}

/**
 * In the order of ids, so that two carts never wait for each other; then an update takes all of them or none. It stands by
 * itself: where an update of the same statement meets a newer row than it began with, PostgreSQL queues it behind those
 * who wait for this lock.
 */
async function lockStock(tx: Tx, productIds: readonly string[]): Promise<void> {
  await runSql(
    tx,
    'select from product where id = any($1::bigint[]) and stock is not null order by id for no key update',
    [productIds],
  )
}

/** Puts so many back: the order was cancelled. It locks nothing; countReturns makes them available, or who needs them. */
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
  if (rows.length > 0)
    await countLocked(
      tx,
      rows.map(({ id }) => id),
    )
}

/** The same of products that are locked. */
async function countLocked(tx: Tx, productIds: readonly string[]): Promise<void> {
  await runSql(
    tx,
    `with back as (delete from stock_return where product_id = any($1::bigint[]) returning product_id, pieces),
       sums as (select product_id, sum(pieces)::integer as pieces from back group by product_id)
     update product set stock = stock + sums.pieces from sums where product.id = sums.product_id and stock is not null`,
    [productIds],
  )
}
