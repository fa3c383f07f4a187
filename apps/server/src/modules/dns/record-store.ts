import type { StoredRecord, ZoneEntry } from '@innkeeper/drivers'
import { type Queryable, runSql, type Tx } from '../../db/database.ts'
import { type AuditRow, auditColumns, auditParameters } from '../audit/index.ts'
import type { LockedZone, ZonePath } from './zone.ts'
import { raiseText } from './zone-store.ts'

const recordsText = 'select id, name, type, ttl, priority, content from dns_record where zone_id = $1 order by id'

/** All records of a zone this transaction has locked. */
export async function recordsOf(db: Queryable, zone: LockedZone): Promise<ZoneEntry[]> {
  const rows = await runSql<Omit<ZoneEntry, 'ttlSeconds'> & { ttl: number }>(db, recordsText, [zone.zoneId])
  return rows.map(({ id, name, type, ttl, priority, content }) => {
    return { id, name, type, ttlSeconds: ttl, priority, content }
  })
}

// The records of a set have one TTL (RFC 2181 §5.2): the one that was set last, which `retimed` gives to the others.
// $1 zone, $2 name, $3 type, $4 ttl, $5 priority, $6 content, $7 time, then the nine of the audit row.
const retimedText =
  'update dns_record set ttl = $4, changed_at = $7 where zone_id = $1 and name = $2 and type = $3 and ttl <> $4'

const insertText = `
with retimed as (${retimedText}),
added as (
  insert into dns_record (zone_id, name, type, ttl, priority, content, changed_at)
  values ($1, $2, $3, $4, $5, $6, $7) returning id
), noted as (
  insert into audit (${auditColumns})
  select $8, $9, $10, $11, $12::jsonb || jsonb_build_object('record_id', id::text), $13, $14, $15, $16 from added
)
select id from added`

/** Throws the unique violation of dns_record_unique where the zone has this very record. */
export async function insertRecord(
  tx: Tx,
  zone: LockedZone,
  record: StoredRecord,
  at: Date,
  note: AuditRow,
): Promise<string> {
  const [row] = await runSql<{ id: string }>(tx, insertText, [...columns(zone, record, at), ...auditParameters(note)])
  if (row === undefined) throw new Error('an insert returned no row')
  return row.id
}

// $17 account, $18 service, $19 version
const insertAtVersionText = `
with zone as (${raiseText('$7', 'z.account_id = $17 and z.service_id = $18 and z.id = $1 and z.version = $19')}
  and s.status = 'Active' returning z.id),
retimed as (${retimedText} and exists (select from zone)),
added as (
  insert into dns_record (zone_id, name, type, ttl, priority, content, changed_at)
  select id, $2, $3, $4, $5, $6, $7 from zone returning id
), noted as (
  insert into audit (${auditColumns})
  select $8, $9, $10, $11, $12::jsonb || jsonb_build_object('record_id', id::text), $13, $14, $15, $16 from added
)
select id from added`

/**
 * The whole change in one statement: undefined, with nothing changed, where the account has no such zone at this version
 * on a running service. Throws as {@link insertRecord} does.
 */
export async function insertRecordAtVersion(
  db: Queryable,
  path: ZonePath,
  version: string,
  record: StoredRecord,
  at: Date,
  note: AuditRow,
): Promise<string | undefined> {
  const parameters = [...columns(path, record, at), ...auditParameters(note), path.accountId, path.serviceId, version]
  const [row] = await runSql<{ id: string }>(db, insertAtVersionText, parameters)
  return row?.id
}

const updateText = `
with retimed as (${retimedText} and id <> $17),
noted as (insert into audit (${auditColumns}) values ($8, $9, $10, $11, $12, $13, $14, $15, $16))
update dns_record set name = $2, type = $3, ttl = $4, priority = $5, content = $6, changed_at = $7
where zone_id = $1 and id = $17`

/** Throws the unique violation of dns_record_unique where another record of the zone is the same. */
export async function updateRecordRow(
  tx: Tx,
  zone: LockedZone,
  record: ZoneEntry,
  at: Date,
  note: AuditRow,
): Promise<void> {
  await runSql(tx, updateText, [...columns(zone, record, at), ...auditParameters(note), record.id])
}

const deleteText = `
with noted as (insert into audit (${auditColumns}) values ($3, $4, $5, $6, $7, $8, $9, $10, $11))
delete from dns_record where zone_id = $1 and id = $2`

export async function deleteRecordRow(tx: Tx, zone: LockedZone, recordId: string, note: AuditRow): Promise<void> {
  await runSql(tx, deleteText, [zone.zoneId, recordId, ...auditParameters(note)])
}

function columns(zone: Pick<ZonePath, 'zoneId'>, record: StoredRecord, at: Date): unknown[] {
  return [zone.zoneId, record.name, record.type, record.ttlSeconds, record.priority, record.content, at]
}
