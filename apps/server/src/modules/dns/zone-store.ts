import { type Queryable, runSql, type Tx } from '../../db/database.ts'
import type { Slice } from '../../paging.ts'
import { type AuditRow, auditColumns, auditParameters } from '../audit/index.ts'
import type { ListedRecord, LockedZone, ZonePath, ZoneSnapshot } from './zone.ts'

// The statements that every record change or zone answer sends are texts: building them costs as much as running them.

/**
 * A change of a zone raises its version and serial; the serial wraps past 0 (RFC 1982, nextSerial of the drivers). `at`
 * is the parameter with the time; `which` names the zone, and more may follow.
 */
export function raiseText(at: string, which: string): string {
  return `
update dns_zone z
set version = z.version + 1, serial = z.serial % 4294967295 + 1, changed_xid = pg_current_xact_id(), changed_at = ${at}
from service s
where ${which} and z.deleted_at is null and s.id = z.service_id`
}

const lockText = `${raiseText('$4', 'z.account_id = $1 and z.service_id = $2 and z.id = $3')}
  and ($5::bigint[] is null or z.version = any($5))
returning z.name, z.version, z.version - 1 as version_before, z.soa_id, s.status`

/**
 * Begins a change: takes the zone's row lock, which changes to one zone queue for, and raises version and serial.
 * Undefined where there is no such zone, or none of the wanted versions.
 */
export async function lockZone(
  tx: Tx,
  path: ZonePath,
  at: Date,
  versions: readonly string[] | undefined,
): Promise<LockedZone | undefined> {
  const [row] = await runSql<{ name: string; version: string; version_before: string; soa_id: string; status: string }>(
    tx,
    lockText,
    [path.accountId, path.serviceId, path.zoneId, at, versions ?? null],
  )
  if (row === undefined) return undefined
  const { name, version, version_before: versionBefore, soa_id: soaId, status: serviceStatus } = row
  return { ...path, name, version, versionBefore, soaId, serviceStatus }
}

const deleteText = `
with gone as (delete from dns_record where zone_id = $1),
noted as (insert into audit (${auditColumns}) values ($3, $4, $5, $6, $7, $8, $9, $10, $11))
update dns_zone set deleted_at = $2 where id = $1`

/** Removes a zone this transaction has locked. Its row stays for a while, so that name servers hear of it. */
export async function deleteZoneRow(tx: Tx, zone: LockedZone, at: Date, note: AuditRow): Promise<void> {
  await runSql(tx, deleteText, [zone.zoneId, at, ...auditParameters(note)])
}

export async function zoneExists(db: Queryable, { accountId, serviceId, zoneId }: ZonePath): Promise<boolean> {
  const row = await db
    .selectFrom('dns_zone')
    .where('account_id', '=', accountId)
    .where('service_id', '=', serviceId)
    .where('id', '=', zoneId)
    .where('deleted_at', 'is', null)
    .select('id')
    .executeTakeFirst()
  return row !== undefined
}

// One statement, so that the version is the one of these records; each row is a record as lists show it, with the zone's
// columns beside it, so that nothing is copied. The epoch as text spares making a Date of each.
const readText = (records: string, count: string) => `
select r.id, r.name, r.type, r.ttl as "ttlSeconds", r.priority, r.content,
  extract(epoch from r.changed_at)::bigint as "changedAt",
  z.service_id, z.name as zone_name, z.version, z.serial, z.soa_id,
  extract(epoch from z.changed_at)::bigint as zone_changed_at, ${count} as record_count
from dns_zone z left join ${records}
where z.account_id = $1 and z.service_id = $2 and z.id = $3 and z.deleted_at is null
order by r.id`
const readAllText = readText('dns_record r on r.zone_id = z.id', 'null')
const readPageText = readText(
  'lateral (select * from dns_record where zone_id = z.id order by id limit $4 offset $5) r on true',
  '(select count(*) from dns_record where zone_id = z.id)',
)

/** All of the record is null where the zone (or the page) has none; then the row is alone. */
interface ZoneRow extends ListedRecord {
  service_id: string
  zone_name: string
  version: string
  serial: string
  soa_id: string
  zone_changed_at: string
  record_count: string | null
}

export async function readZone(db: Queryable, path: ZonePath, slice?: Slice): Promise<ZoneSnapshot | undefined> {
  const key = [path.accountId, path.serviceId, path.zoneId]
  const rows =
    slice === undefined
      ? await runSql<ZoneRow>(db, readAllText, key)
      : await runSql<ZoneRow>(db, readPageText, [...key, slice.limit, slice.offset])
  const [zone] = rows
  if (zone === undefined) return undefined
  const records = zone.id === null ? [] : rows
  return {
    id: path.zoneId,
    serviceId: zone.service_id,
    name: zone.zone_name,
    version: zone.version,
    serial: Number(zone.serial),
    soaId: zone.soa_id,
    changedAt: zone.zone_changed_at,
    records,
    recordCount: zone.record_count === null ? records.length : Number(zone.record_count),
  }
}

export interface ListedZone {
  readonly id: string
  readonly name: string
  readonly serviceId: string
}

const listText = `
select s.id as service_id, z.id, z.name
from service s join product p on p.id = s.product_id
left join dns_zone z on z.service_id = s.id and z.account_id = s.account_id and z.deleted_at is null
where s.account_id = $1 and 'dns' = any(p.features) and ($2::bigint[] is null or s.id = any($2))
order by s.id, z.id`

/** The services with DNS and all their zones, of `services` only these. */
export async function allZones(
  db: Queryable,
  accountId: string,
  services: 'all' | readonly string[],
): Promise<{ serviceIds: string[]; zones: ListedZone[] }> {
  const rows = await runSql<{ service_id: string; id: string | null; name: string }>(db, listText, [
    accountId,
    services === 'all' ? null : services,
  ])
  const zones = rows.flatMap(row =>
    row.id === null ? [] : [{ id: row.id, name: row.name, serviceId: row.service_id }],
  )
  return { serviceIds: [...new Set(rows.map(row => row.service_id))], zones }
}

/** One page of the zones that {@link allZones} lists, in the same order. */
export async function pageOfZones(
  db: Queryable,
  accountId: string,
  serviceIds: readonly string[],
  { limit, offset }: Slice,
): Promise<{ zones: ListedZone[]; total: number }> {
  const found = db
    .selectFrom('dns_zone')
    .where('account_id', '=', accountId)
    .where('deleted_at', 'is', null)
    .where(eb => eb('service_id', '=', eb.fn.any(eb.val(serviceIds))))
  const { total } = await found.select(eb => eb.fn.countAll<string>().as('total')).executeTakeFirstOrThrow()
  const zones = await found
    .select(['id', 'name', 'service_id as serviceId'])
    .orderBy('service_id')
    .orderBy('id')
    .limit(limit)
    .offset(offset)
    .execute()
  return { zones, total: Number(total) }
}
