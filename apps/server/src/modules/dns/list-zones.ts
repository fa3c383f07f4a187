import type { SignedInContext } from '../../context.ts'
import { type PageRequest, pageOf, sliceOf } from '../../paging.ts'
import { idsWith } from '../../privileges.ts'
import { notFound } from '../../refusal.ts'
import { findService, mustHave, serviceIdsWith } from '../services/index.ts'
import { allZones, type ListedZone, pageOfZones } from './zone-store.ts'

export interface ZoneList {
  /** The services that have DNS, with and without zones. */
  readonly serviceIds: readonly string[]
  readonly zones: readonly ListedZone[]
  readonly page?: { current: number; total: number }
}

/** Zones of the services on which the caller's privileges give DNS. */
export async function listZones(ctx: SignedInContext, request: PageRequest): Promise<ZoneList> {
  return await list(ctx, request, idsWith(ctx.identity.privileges, 'services', 'dns'))
}

export async function listServiceZones(
  ctx: SignedInContext,
  serviceId: string,
  request: PageRequest,
): Promise<ZoneList> {
  const found = await list(ctx, request, [serviceId])
  if (found.serviceIds.length > 0) return found
  const service = await findService(ctx.db, ctx.identity.accountId, serviceId)
  if (service === undefined) throw notFound()
  mustHave('dns', service)
  return found
}

async function list(ctx: SignedInContext, request: PageRequest, only: 'all' | readonly string[]): Promise<ZoneList> {
  const { accountId } = ctx.identity
  const slice = sliceOf(request)
  if (slice === undefined) return await allZones(ctx.db, accountId, only)
  const serviceIds = await serviceIdsWith(ctx.db, accountId, 'dns', only)
  const { zones, total } = await pageOfZones(ctx.db, accountId, serviceIds, slice)
  return { serviceIds, zones, ...pageOf(request, total) }
}
