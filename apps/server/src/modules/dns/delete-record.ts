import type { SignedInContext } from '../../context.ts'
import { Refusal } from '../../refusal.ts'
import { auditRow } from '../audit/index.ts'
import { closeZone, openZone, recordIn, type ZoneState } from './change-zone.ts'
import { describeRecord } from './describe-record.ts'
import { deleteRecordRow } from './record-store.ts'
import type { ZonePath } from './zone.ts'

export async function deleteRecord(
  ctx: SignedInContext,
  state: ZoneState,
  path: ZonePath,
  recordId: string,
): Promise<void> {
  const zone = await openZone(ctx, state, path)
  const record = recordIn(zone, recordId)
  const change = { remove: [recordId], add: [] }
  // Nothing is wrong with what was sent: other records need this one (a delegation its glue, the zone its name server).
  if (zone.index.check(change).length > 0) throw new Refusal('conflict')
  const note = auditRow(ctx, {
    event: 'dns.record.delete',
    description: `Record ${describeRecord(record)} removed from ${zone.name}`,
    detail: { service_id: zone.serviceId, zone_id: zone.zoneId, record_id: recordId, record },
    accountId: zone.accountId,
  })
  await deleteRecordRow(zone.tx, zone, recordId, note)
  closeZone(ctx, state, zone, change)
}
