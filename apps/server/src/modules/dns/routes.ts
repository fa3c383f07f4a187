import type { Contract, InputOf } from '@innkeeper/contract'
import { relativeName } from '@innkeeper/drivers'
import type { App, SignedInContext } from '../../context.ts'
import type { ModuleHandlers } from '../../http/implement.ts'
import type { ZoneState } from './change-zone.ts'
import { createRecord } from './create-record.ts'
import { createZone } from './create-zone.ts'
import { deleteRecord } from './delete-record.ts'
import { deleteZone } from './delete-zone.ts'
import { getZone } from './get-zone.ts'
import { listServiceZones, listZones, type ZoneList } from './list-zones.ts'
import type { WrittenRecord } from './record-change.ts'
import { updateRecord } from './update-record.ts'
import { documentedZone, recordedContent, recordedZone } from './wire-zone.ts'
import type { ZonePath } from './zone.ts'
import { createZoneIndexes } from './zone-indexes.ts'
import { createZoneNotifier } from './zone-notifier.ts'

type UpdateInput = InputOf<Contract['dns']['updateRecord']>

/** The handlers of the dns operations, with what a process keeps between them. */
export function dnsHandlers(app: App): ModuleHandlers<'dns'> {
  const state: ZoneState = { indexes: createZoneIndexes(), notifier: createZoneNotifier(app) }
  return {
    listZones: async (ctx, input) => wireList(await listZones(ctx, input)),

    listServiceZones: async (ctx, input) => wireList(await listServiceZones(ctx, input.service_id, input)),

    async getZone(ctx, input) {
      const zone = await getZone(ctx, pathOf(ctx, input), input)
      return ctx.dialect === 'recorded' ? recordedZone(zone, ctx.config.dns, input) : documentedZone(zone, input)
    },

    async createRecord(ctx, input) {
      const { id, record, zoneName } = await createRecord(ctx, state, pathOf(ctx, input), input)
      return {
        record: {
          id,
          name: input.name ?? zoneName,
          type: input.type,
          ttl: String(input.ttl ?? record.ttlSeconds),
          priority: String(input.priority ?? record.priority),
          content: input.content,
        },
        info: [['dnsnewrecordadded', record.type]],
      }
    },

    async updateRecord(ctx, input) {
      const changed = await updateRecord(ctx, state, pathOf(ctx, input), input.record_id, input)
      return { record: wireChanged(ctx, input, changed), info: ['dnsrecordupdated'] }
    },

    async deleteRecord(ctx, input) {
      await deleteRecord(ctx, state, pathOf(ctx, input), input.record_id)
      return {}
    },

    async createZone(ctx, input) {
      const { id, name } = await createZone(ctx, state, input.service_id, input.name)
      return { info: [['dnszonecreated', name]], zone_id: id }
    },

    async deleteZone(ctx, input) {
      const { name } = await deleteZone(ctx, state, pathOf(ctx, input))
      return { info: [['dnszonedeleted', name]] }
    },
  }
}

function pathOf(ctx: SignedInContext, input: { service_id: string; zone_id: string }): ZonePath {
  return { accountId: ctx.identity.accountId, serviceId: input.service_id, zoneId: input.zone_id }
}

function wireList({ serviceIds, zones, page }: ZoneList) {
  return {
    service_ids: [...serviceIds],
    zones: zones.map(zone => ({ domain_id: zone.id, name: zone.name, service_id: zone.serviceId })),
    ...(page === undefined ? {} : { page }),
  }
}

/** The record as it was sent; what was not sent, as lists show it. The priority is the stored one, as a number. */
function wireChanged(ctx: SignedInContext, input: UpdateInput, { id, record, zoneName }: WrittenRecord) {
  const recorded = ctx.dialect === 'recorded'
  return {
    id,
    type: input.type ?? record.type,
    ttl: String(record.ttlSeconds),
    name: input.name ?? (recorded ? record.name : relativeName(zoneName, record.name)),
    priority: record.priority,
    content: input.content ?? (recorded ? recordedContent(record) : record.content),
  }
}
