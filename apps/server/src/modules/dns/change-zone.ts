import type { ZoneChange, ZoneEntry, ZoneIndex } from '@innkeeper/drivers'
import { createZoneIndex } from '@innkeeper/drivers'
import type { SignedInContext } from '../../context.ts'
import type { Queryable, Tx } from '../../db/database.ts'
import { notFound, Refusal } from '../../refusal.ts'
import { findService, mustBeActive, mustHave } from '../services/index.ts'
import { recordsOf } from './record-store.ts'
import { etagOf, type LockedZone, wantedVersions, type ZonePath } from './zone.ts'
import type { ZoneIndexes } from './zone-indexes.ts'
import type { ZoneNotifier } from './zone-notifier.ts'
import { lockZone, zoneExists } from './zone-store.ts'

/** What a process keeps for changing zones. */
export interface ZoneState {
  readonly indexes: ZoneIndexes
  readonly notifier: ZoneNotifier
}

/** A zone in the middle of a change: locked, and as it was before. */
export interface OpenZone extends LockedZone {
  readonly tx: Tx
  readonly index: ZoneIndex
  readonly at: Date
}

/** Opens the zone for a change of its records; the caller writes it and then says what it was by {@link closeZone}. */
export async function openZone(ctx: SignedInContext, state: ZoneState, path: ZonePath): Promise<OpenZone> {
  const at = ctx.clock.now()
  const tx = await ctx.begin()
  const zone = await lockedZone(ctx, tx, path, at)
  const index = await state.indexes.before(zone, async () => createZoneIndex(zone.name, await recordsOf(tx, zone)))
  return { ...zone, tx, index, at }
}

export function closeZone(ctx: SignedInContext, state: ZoneState, zone: OpenZone, change: ZoneChange): void {
  ctx.setHeader('etag', etagOf(zone.version))
  ctx.afterCommit(() => {
    state.indexes.committed(zone, zone.index, change)
    state.notifier.changed()
  })
}

/** The record of an open zone. The SOA has an id too, yet its fields are the provider's. */
export function recordIn(zone: OpenZone, recordId: string): ZoneEntry {
  if (recordId === zone.soaId) throw new Refusal('dnserrrr_type')
  const record = zone.index.get(recordId)
  if (record === undefined) throw notFound()
  return record
}

/** Locks the zone as the first statement of its transaction, or says why it may not be changed. */
export async function lockedZone(ctx: SignedInContext, tx: Tx, path: ZonePath, at: Date): Promise<LockedZone> {
  const zone = await lockZone(tx, path, at, wantedVersions(ctx.ifMatch))
  if (zone === undefined) {
    if (await zoneExists(tx, path)) throw new Refusal('precondition_failed')
    throw await missingZone(tx, path)
  }
  mustBeActive(zone.serviceStatus)
  return zone
}

/** Why there is no such zone: the service has no DNS at all, or no zone of this id. */
export async function missingZone(db: Queryable, path: ZonePath): Promise<Refusal> {
  const service = await findService(db, path.accountId, path.serviceId)
  if (service !== undefined) mustHave('dns', service)
  return notFound()
}
