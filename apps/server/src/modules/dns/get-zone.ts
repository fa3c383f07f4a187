import type { SignedInContext } from '../../context.ts'
import { type PageRequest, sliceOf } from '../../paging.ts'
import { missingZone } from './change-zone.ts'
import { etagOf, type ZonePath, type ZoneSnapshot } from './zone.ts'
import { readZone } from './zone-store.ts'

export async function getZone(ctx: SignedInContext, path: ZonePath, request: PageRequest): Promise<ZoneSnapshot> {
  const zone = await readZone(ctx.db, path, sliceOf(request))
  if (zone === undefined) throw await missingZone(ctx.db, path)
  ctx.setHeader('etag', etagOf(zone.version))
  return zone
}
