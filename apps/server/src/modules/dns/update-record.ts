import type { SignedInContext } from '../../context.ts'
import { auditRow } from '../audit/index.ts'
import { closeZone, openZone, recordIn, type ZoneState } from './change-zone.ts'
import { describeRecord } from './describe-record.ts'
import { mustFit, parseMerged, placing, type SentRecord, unlessThere, type WrittenRecord } from './record-change.ts'
import { updateRecordRow } from './record-store.ts'
import type { ZonePath } from './zone.ts'

export async function updateRecord(
  ctx: SignedInContext,
  state: ZoneState,
  path: ZonePath,
  recordId: string,
  sent: SentRecord,
): Promise<WrittenRecord> {
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
  await unlessThere(updateRecordRow(zone.tx, zone, record, zone.at, note))
  closeZone(ctx, state, zone, change)
  return { id: recordId, zoneName: zone.name, record }
}
