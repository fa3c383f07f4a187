import { parseRecord, parseZoneName } from '@innkeeper/drivers'
import type { SignedInContext } from '../../context.ts'
import type { Tx } from '../../db/database.ts'
import { unlessTaken } from '../../db/errors.ts'
import { badField, notFound, Refusal } from '../../refusal.ts'
import { auditRow } from '../audit/index.ts'
import { mustBeActive, mustHave, takeZonePlace } from '../services/index.ts'
import type { ZoneState } from './change-zone.ts'
import { insertZone, lastSerial, lockNames, neighbours } from './new-zone-store.ts'
import { isPublicSuffix } from './public-suffix.ts'
import { mustParse } from './record-change.ts'
import { etagOf, firstSerial } from './zone.ts'

/** Adds a zone with the provider's name servers. */
export async function createZone(
  ctx: SignedInContext,
  state: ZoneState,
  serviceId: string,
  sentName: string,
): Promise<{ id: string; name: string }> {
  const { accountId } = ctx.identity
  const name = parseZoneName(sentName.trim())
  if (name === undefined) throw badField('name', 'dnserrhostname')
  if (isPublicSuffix(name)) throw new Refusal('dnszonetaken')
  const tx = await ctx.begin()
  await takePlace(tx, accountId, serviceId)
  await lockNames(tx, name)
  await mustBeFree(tx, accountId, name)
  const at = ctx.clock.now()
  const serial = firstSerial(at, await lastSerial(tx, name))
  const records = ctx.config.dns.nameServers.map(content =>
    mustParse(parseRecord({ zone: name, name: '', type: 'NS', content }, ctx.config.dns)),
  )
  const note = auditRow(ctx, {
    event: 'dns.zone.create',
    description: `Zone ${name} added`,
    detail: { service_id: serviceId, name },
    accountId,
  })
  const inserted = insertZone(tx, { accountId, serviceId, name, serial, records }, at, note)
  // Cannot happen while lockNames holds; the unique index is there for the day it does not.
  const { id } = await unlessTaken(inserted, 'dns_zone_name', () => new Refusal('dnszonetaken'))
  ctx.setHeader('etag', etagOf('1'))
  ctx.afterCommit(() => state.notifier.changed())
  return { id, name }
}

async function takePlace(tx: Tx, accountId: string, serviceId: string): Promise<void> {
  const service = await takeZonePlace(tx, accountId, serviceId)
  if (service === undefined) throw notFound()
  if (service === 'full') throw new Refusal('dnszone_limit')
  mustHave('dns', service)
  mustBeActive(service.status)
}

/**
 * Two accounts never have zones one of which is above the other: whoever had the lower one could answer for names of the
 * upper one, and whoever had the upper one could hide the lower.
 */
async function mustBeFree(tx: Tx, accountId: string, name: string): Promise<void> {
  const near = await neighbours(tx, name)
  if (near.some(zone => zone.accountId !== accountId)) throw new Refusal('dnszonetaken')
  if (near.some(zone => zone.name === name)) throw new Refusal('dnsdomain_exists')
}
