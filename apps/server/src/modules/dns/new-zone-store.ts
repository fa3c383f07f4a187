import type { StoredRecord } from '@innkeeper/drivers'
import { sql } from 'kysely'
import { type Queryable, runSql, type Tx } from '../../db/database.ts'
import { locks } from '../../db/locks.ts'
import { type AuditRow, auditColumns, auditParameters } from '../audit/index.ts'

// The row order is the lock order: from the root down, so that two requests never wait for each other in a circle.
const lockNamesText = `
select case when place = $2 then pg_advisory_xact_lock(key) else pg_advisory_xact_lock_shared(key) end
from (
  select hashtextextended(name, ${locks.zoneNames}) as key, place from unnest($1::text[]) with ordinality as n (name, place)
  order by place offset 0
) names`

/**
 * Makes requests for zones one of which is above the other (or the same) wait for each other until the transaction
 * ends: the name itself is locked for one, the names above it are shared. Zones side by side do not meet.
 */
export async function lockNames(tx: Tx, name: string): Promise<void> {
  const names = [...namesAbove(name).reverse(), name]
  await runSql(tx, lockNamesText, [names, names.length])
}

/** `a.example.com` → `example.com`, `com`. */
function namesAbove(name: string): string[] {
  const labels = name.split('.')
  return labels.slice(1).map((_label, at) => labels.slice(at + 1).join('.'))
}

export interface Neighbour {
  readonly name: string
  readonly accountId: string
}

/** The live zones with this name and those above or below it, whoever has them: the one question across accounts. */
export async function neighbours(tx: Tx, name: string): Promise<Neighbour[]> {
  const mirrored = [...name].reverse().join('')
  return await tx
    .selectFrom('dns_zone')
    .where('deleted_at', 'is', null)
    .where(eb =>
      eb.or([
        eb('name', '=', eb.fn.any(eb.val([name, ...namesAbove(name)]))),
        eb(sql<string>`reverse(name)`, 'like', `${likeText(mirrored)}.%`),
      ]),
    )
    .select(['name', 'account_id as accountId'])
    .execute()
}

function likeText(text: string): string {
  return text.replaceAll(/[\\%_]/g, '\\$&')
}

/** The last serial of a zone of this name that was deleted. */
export async function lastSerial(db: Queryable, name: string): Promise<number | undefined> {
  const row = await db
    .selectFrom('dns_zone')
    .where('name', '=', name)
    .where('deleted_at', 'is not', null)
    .select('serial')
    .orderBy('deleted_at', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row === undefined ? undefined : Number(row.serial)
}

export interface NewZone {
  readonly accountId: string
  readonly serviceId: string
  readonly name: string
  readonly serial: number
  readonly records: readonly StoredRecord[]
}

/** Throws the unique violation of dns_zone_name where the name is taken. */
export async function insertZone(tx: Tx, zone: NewZone, at: Date, note: AuditRow): Promise<{ id: string }> {
  const column = <T>(value: (record: StoredRecord) => T) => zone.records.map(value)
  const [row] = await runSql<{ id: string }>(tx, insertText, [
    zone.accountId,
    zone.serviceId,
    zone.name,
    zone.serial,
    at,
    column(record => record.name),
    column(record => record.type),
    column(record => record.ttlSeconds),
    column(record => record.priority),
    column(record => record.content),
    ...auditParameters(note),
  ])
  if (row === undefined) throw new Error('an insert returned no row')
  return row
}

const insertText = `
with added as (
  insert into dns_zone (account_id, service_id, name, serial, changed_at, created_at)
  values ($1, $2, $3, $4, $5, $5) returning id
), filled as (
  insert into dns_record (zone_id, name, type, ttl, priority, content, changed_at)
  select added.id, r.name, r.type, r.ttl, r.priority, r.content, $5
  from added, unnest($6::text[], $7::text[], $8::int[], $9::int[], $10::text[]) as r (name, type, ttl, priority, content)
), noted as (
  insert into audit (${auditColumns})
  select $11, $12, $13, $14, $15::jsonb || jsonb_build_object('zone_id', id::text), $16, $17, $18, $19 from added
)
select id from added`
