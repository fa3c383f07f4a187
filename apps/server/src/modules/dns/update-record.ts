import type { ZoneEntry } from '@innkeeper/drivers'
import type { SignedInContext } from '../../context.ts'
import { notFound, Refusal } from '../../refusal.ts'
import { auditRow } from '../audit/index.ts'
import { closeZone, type OpenZone, openZone, type ZoneState } from './change-zone.ts'
import type { CreatedRecord } from './create-record.ts'
import { describeRecord } from './describe-record.ts'
import { mustFit, parseMerged, placing, type SentRecord, unlessThere } from './record-change.ts'
import { updateRecord as writeRecord } from './record-store.ts'
import type { ZonePath } from './zone.ts'

export async function updateRecord(
  ctx: SignedInContext,
  state: ZoneState,
  path: ZonePath,
  recordId: string,
  sent: SentRecord,
): Promise<CreatedRecord> {
  const zone = await openZone(ctx, state, path)
  const before = recordIn(zone, recordId)
  const record = { ...parseMerged(ctx.config.dns, zone, before, sent), id: recordId }
  const change = placing(zone, record, before)
  mustFit(zone, change)
  const note = auditRow(ctx, {
    event: 'dns.record.update',
    description: `Record ${describeRecord(before)} of ${zone.name} changed to ${describeRecord(record)}`,
    detail: { service_id: zone.serviceId, zone_id: zone.zoneId, record_id: recordId, before, record },
    accountId: zone.accountId,
  })
  await unlessThere(writeRecord(zone.tx, zone, record, zone.at, note))
  closeZone(ctx, state, zone, change)
  return { id: recordId, zoneName: zone.name, record }
}

/** The record of an open zone. The SOA has an id too, yet its fields are the provider's. */
export function recordIn(zone: OpenZone, recordId: string): ZoneEntry {
  if (recordId === zone.soaId) throw new Refusal('dnserrrr_type')
  const record = zone.index.get(recordId)
  if (record === undefined) throw notFound()
  return record
}
