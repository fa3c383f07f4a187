import type { SignedInContext } from '../../context.ts'
import { auditRow } from '../audit/index.ts'
import { closeZone, openZone, type ZoneState } from './change-zone.ts'
import { describeRecord } from './describe-record.ts'
import { mustFit, parseNew, placing, type SentRecord, unlessThere, type WrittenRecord } from './record-change.ts'
import { insertRecord } from './record-store.ts'
import type { ZonePath } from './zone.ts'

/** No record has it: stands for the id that the database is about to give. */
const newId = '0'

export async function createRecord(
  ctx: SignedInContext,
  state: ZoneState,
  path: ZonePath,
  sent: SentRecord,
): Promise<WrittenRecord> {
  const zone = await openZone(ctx, state, path)
  const record = parseNew(ctx.config.dns, zone, sent)
  mustFit(zone, placing(zone, { ...record, id: newId }))
  const note = auditRow(ctx, {
    event: 'dns.record.create',
    description: `Record ${describeRecord(record)} added to ${zone.name}`,
    detail: { service_id: zone.serviceId, zone_id: zone.zoneId, record },
    accountId: zone.accountId,
  })
  const id = await unlessThere(insertRecord(zone.tx, zone, record, zone.at, note))
  closeZone(ctx, state, zone, placing(zone, { ...record, id }))
  return { id, zoneName: zone.name, record }
}
