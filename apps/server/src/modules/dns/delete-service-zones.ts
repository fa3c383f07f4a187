import type { App } from '../../context.ts'
import { asSystem } from '../../operator.ts'
import { auditRow } from '../audit/index.ts'
import { releaseZonePlace } from '../services/index.ts'
import { sendZoneNews } from './publish-store.ts'
import { allZones, deleteZoneRow, lockZone } from './zone-store.ts'

/** Removes the zones of a service that is over, each in its own transaction, whatever the service's status. */
export async function deleteServiceZones(
  app: App,
  service: { readonly id: string; readonly accountId: string },
): Promise<void> {
  const { zones } = await allZones(app.db, service.accountId, [service.id])
  for (const { id: zoneId } of zones) {
    await asSystem(app, async ctx => {
      const at = ctx.clock.now()
      const tx = await ctx.begin()
      const path = { accountId: service.accountId, serviceId: service.id, zoneId }
      const zone = await lockZone(tx, path, at, undefined)
      if (zone === undefined) return
      const note = auditRow(ctx, {
        event: 'dns.zone.delete',
        description: `Zone ${zone.name} removed with its service`,
        detail: { service_id: service.id, zone_id: zoneId, name: zone.name },
        accountId: service.accountId,
      })
      await deleteZoneRow(tx, zone, at, note)
      await releaseZonePlace(tx, service.accountId, service.id)
    })
  }
  // A lost notification costs only time: name servers look by themselves too.
  if (zones.length > 0) await sendZoneNews(app.db)
}
