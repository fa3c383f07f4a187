import { type Db, runSql } from '../db/database.ts'

/** Rows one statement removes: few enough to hold no lock for long. */
const batch = 1_000

/** Removes stored answers to requests, made before `before`. Returns how many. */
export function deleteIdempotentAnswers(db: Db, before: Date): Promise<number> {
  return inBatches(
    db,
    `delete from idempotent_answer where (scope, key) in
     (select scope, key from idempotent_answer where created_at < $1 order by created_at limit $2)`,
    before,
  )
}

/** Removes what is left of zones deleted before `before`: every name server has stopped serving them long since. */
export function deleteZoneTombstones(db: Db, before: Date): Promise<number> {
  return inBatches(
    db,
    `with gone as (select id from dns_zone where deleted_at < $1 order by id limit $2),
       failures as (delete from dns_publish_failure where zone_id in (select id from gone)),
       records as (delete from dns_record where zone_id in (select id from gone))
     delete from dns_zone where id in (select id from gone)`,
    before,
  )
}

async function inBatches(db: Db, statement: string, before: Date): Promise<number> {
  for (let total = 0; ; ) {
    const rows = await runSql(db, `${statement} returning 1`, [before, batch])
    total += rows.length
    if (rows.length < batch) return total
  }
}
