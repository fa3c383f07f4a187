import type { StoredRecord } from '@innkeeper/drivers'
import type { SignedInContext } from '../../context.ts'
import { type AuditRow, auditRow } from '../audit/index.ts'
import { closeZone, openZone, type ZoneState } from './change-zone.ts'
import { describeRecord } from './describe-record.ts'
import {
  judged,
  mustFit,
  parseNew,
  placing,
  type SentRecord,
  unlessThere,
  type WrittenRecord,
} from './record-change.ts'
import { insertRecord, insertRecordAtVersion } from './record-store.ts'
import { etagOf, wantedVersions, type ZonePath } from './zone.ts'

/** No record has it: stands for the id that the database is about to give. */
const newId = '0'

export async function createRecord(
  ctx: SignedInContext,
  state: ZoneState,
  path: ZonePath,
  sent: SentRecord,
): Promise<WrittenRecord> {
  return (await addAtOnce(ctx, state, path, sent)) ?? (await addLocked(ctx, state, path, sent))
}

/**
 * Judges the record by the zone as this process last knew it, and adds it in one statement that holds only if the zone
 * still is at that version. Undefined where it does not come to that: then nothing has happened, and {@link addLocked}
 * decides.
 */
async function addAtOnce(
  ctx: SignedInContext,
  state: ZoneState,
  path: ZonePath,
  sent: SentRecord,
): Promise<WrittenRecord | undefined> {
  const db = ctx.alone()
  const zone = db === undefined ? undefined : state.indexes.expected(path.zoneId)
  if (db === undefined || zone === undefined) return undefined
  let added: { id: string; record: StoredRecord } | undefined
  try {
    const wanted = wantedVersions(ctx.ifMatch)?.includes(zone.version) ?? true
    const record = wanted ? judged(() => fitting(ctx, zone, sent)) : undefined
    if (record !== undefined) {
      const note = noteOf(ctx, path, zone.name, record)
      const id = await unlessThere(insertRecordAtVersion(db, path, zone.version, record, ctx.clock.now(), note))
      if (id !== undefined) added = { id, record }
    }
  } finally {
    state.indexes.settled(zone, added && placing(zone, { ...added.record, id: added.id }))
  }
  if (added === undefined) return undefined
  ctx.setHeader('etag', etagOf(zone.versionAfter))
  ctx.afterCommit(() => state.notifier.changed())
  return { ...added, zoneName: zone.name }
}

/** Adds the record while holding the zone's lock, by what the table says. */
async function addLocked(
  ctx: SignedInContext,
  state: ZoneState,
  path: ZonePath,
  sent: SentRecord,
): Promise<WrittenRecord> {
  const zone = await openZone(ctx, state, path)
  const record = fitting(ctx, zone, sent)
  const note = noteOf(ctx, path, zone.name, record)
  const id = await unlessThere(insertRecord(zone.tx, zone, record, zone.at, note))
  closeZone(ctx, state, zone, placing(zone, { ...record, id }))
  return { id, zoneName: zone.name, record }
}

/** What was sent as a record that the zone can take; a Refusal where it cannot. */
function fitting(ctx: SignedInContext, zone: Parameters<typeof mustFit>[0], sent: SentRecord): StoredRecord {
  const record = parseNew(ctx.config.dns, zone, sent)
  mustFit(zone, placing(zone, { ...record, id: newId }))
  return record
}

function noteOf(ctx: SignedInContext, path: ZonePath, zoneName: string, record: StoredRecord): AuditRow {
  return auditRow(ctx, {
    event: 'dns.record.create',
    description: `Record ${describeRecord(record)} added to ${zoneName}`,
    detail: { service_id: path.serviceId, zone_id: path.zoneId, record },
    accountId: path.accountId,
  })
}
