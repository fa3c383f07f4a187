import type { SignedInContext } from '../../context.ts'
import { auditRow } from '../audit/index.ts'
import { releaseZonePlace } from '../services/index.ts'
import { lockedZone, type ZoneState } from './change-zone.ts'
import type { ZonePath } from './zone.ts'
import { deleteZoneRow } from './zone-store.ts'

export async function deleteZone(ctx: SignedInContext, state: ZoneState, path: ZonePath): Promise<{ name: string }> {
  const at = ctx.clock.now()
  const tx = await ctx.begin()
  const zone = await lockedZone(ctx, tx, path, at)
  const note = auditRow(ctx, {
    event: 'dns.zone.delete',
    description: `Zone ${zone.name} removed`,
    detail: { service_id: zone.serviceId, zone_id: zone.zoneId, name: zone.name },
    accountId: zone.accountId,
  })
  await deleteZoneRow(tx, zone, at, note)
  await releaseZonePlace(tx, zone.accountId, zone.serviceId)
  ctx.afterCommit(() => {
    state.indexes.forget(zone.zoneId)
    state.notifier.changed()
  })
  return { name: zone.name }
}
