import type { CustomerType, StoredRecord } from '@innkeeper/drivers'
import { type Db, runSql } from '../../db/database.ts'
import { deleteInBatches } from '../../db/delete-in-batches.ts'

// What name servers follow. These statements read across accounts: a name server serves all of them.

/**
 * Wakes the followers of all nodes. There is nothing in the transaction that a crash could lose, and waiting for the
 * disk would make the next change wait for it a second time (measured: half of the time of a create).
 */
export async function sendZoneNews(db: Db): Promise<void> {
  await runSql(db, "select set_config('synchronous_commit', 'off', true), pg_notify('dns', '')")
}

/** A zone at one of its versions; `deleted` where its name is free again. */
export interface ZoneMark {
  readonly id: string
  readonly name: string
  readonly version: string
  readonly deleted: boolean
}

/**
 * Where a follower has read up to: transactions below it have all ended. It stays behind while a transaction is open, so
 * one that commits late is not missed; what is read twice, the follower knows by its version.
 */
export type Cursor = string

export async function cursorNow(db: Db): Promise<Cursor> {
  const [row] = await runSql<{ cursor: Cursor }>(db, 'select pg_snapshot_xmin(pg_current_snapshot())::text as cursor')
  if (row === undefined) throw new Error('no snapshot')
  return row.cursor
}

const changedText = `
select s.xmin::text as cursor, z.id, z.name, z.version, z.deleted_at is not null as deleted
from (select pg_snapshot_xmin(pg_current_snapshot()) as xmin) s left join dns_zone z on z.changed_xid >= $1::xid8
order by z.changed_xid, z.id`

/** The zones that changed since the cursor was read, oldest change first; a name once, as it is now. */
export async function changedSince(db: Db, since: Cursor): Promise<{ cursor: Cursor; marks: ZoneMark[] }> {
  const rows = await runSql<{ cursor: Cursor } & { [K in keyof ZoneMark]: ZoneMark[K] | null }>(db, changedText, [
    since,
  ])
  const marks = new Map<string, ZoneMark>()
  for (const { id, name, version, deleted } of rows) {
    if (id === null || name === null || version === null || deleted === null) continue // no zone changed
    if (deleted && marks.get(name)?.deleted === false) continue // added again since
    marks.set(name, { id, name, version, deleted })
  }
  return { cursor: rows[0]?.cursor ?? since, marks: [...marks.values()] }
}

/** After a restore into another cluster, zones may carry transactions of its future and would be read at every turn. */
export async function mendFutureChanges(db: Db): Promise<void> {
  await runSql(db, 'update dns_zone set changed_xid = default where changed_xid > pg_current_xact_id()')
}

/** A zone with what name servers get to see of it. */
export interface PublishableZone extends ZoneMark {
  readonly serial: number
  readonly changedAt: Date
  readonly records: readonly StoredRecord[]
}

const loadText = `
select z.id, z.name, z.version, z.serial, z.changed_at, r.name as record_name, r.type, r.ttl, r.priority, r.content
from dns_zone z left join dns_record r on r.zone_id = z.id
where z.deleted_at is null and z.name = any($1)`

interface LoadedRow {
  id: string
  name: string
  version: string
  serial: string
  changed_at: Date
  /** Null where the zone has no records. */
  record_name: string | null
  type: CustomerType // the only writer of the column is record-store.ts
  ttl: number
  priority: number
  content: string
}

/** The live zones of these names by name, each with version and records of one moment. */
export async function loadZones(db: Db, names: readonly string[]): Promise<Map<string, PublishableZone>> {
  const zones = new Map<string, PublishableZone & { records: StoredRecord[] }>()
  for (const row of await runSql<LoadedRow>(db, loadText, [names])) {
    let zone = zones.get(row.name)
    if (zone === undefined) {
      const { id, name, version, serial, changed_at: changedAt } = row
      zone = { id, name, version, deleted: false, serial: Number(serial), changedAt, records: [] }
      zones.set(name, zone)
    }
    if (row.record_name === null) continue
    const { record_name: name, type, ttl: ttlSeconds, priority, content } = row
    zone.records.push({ name, type, ttlSeconds, priority, content })
  }
  return zones
}

/** The next live zones after this id, in order; to compare all of them with a name server. */
export async function liveZonesAfter(
  db: Db,
  id: string,
  limit: number,
): Promise<(ZoneMark & { readonly serial: number })[]> {
  const rows = await db
    .selectFrom('dns_zone')
    .where('deleted_at', 'is', null)
    .where('id', '>', id)
    .select(['id', 'name', 'version', 'serial'])
    .orderBy('id')
    .limit(limit)
    .execute()
  return rows.map(row => ({ ...row, serial: Number(row.serial), deleted: false }))
}

/** Which of the names were zones here and are none now. */
export async function deletedZones(db: Db, names: readonly string[]): Promise<ZoneMark[]> {
  return await runSql<ZoneMark>(
    db,
    `select distinct on (name) id, name, version, true as deleted from dns_zone z
     where name = any($1) and deleted_at is not null
       and not exists (select from dns_zone live where live.name = z.name and live.deleted_at is null)
     order by name, id desc`,
    [names],
  )
}

/** Forgets zones that were deleted so long ago that every name server has heard of it. */
export async function purgeDeletedZones(db: Db, before: Date): Promise<void> {
  await deleteInBatches(
    db,
    `with gone as (select id from dns_zone where deleted_at < $1 order by id limit $2),
       failures as (delete from dns_publish_failure where zone_id in (select id from gone)),
       records as (delete from dns_record where zone_id in (select id from gone))
     delete from dns_zone where id in (select id from gone)`,
    before,
  )
}
