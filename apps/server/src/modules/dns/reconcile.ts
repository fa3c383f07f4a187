import type { DnsDriver } from '@innkeeper/drivers'
import type { Db } from '../../db/database.ts'
import { clearFailures, failedNames } from './failure-store.ts'
import { deletedZones, liveZonesAfter, type ZoneMark } from './publish-store.ts'
import type { Publisher } from './publisher.ts'

const chunk = 5_000

/**
 * Compares a name server with the table and answers what differs: zones it lacks or has at another serial, and zones
 * deleted here that it still has. Zones it has and we never had are somebody else's and stay.
 */
export async function differences(db: Db, driver: DnsDriver): Promise<ZoneMark[]> {
  const served = await driver.list()
  const found: ZoneMark[] = []
  for (let after = '0'; ; ) {
    const zones = await liveZonesAfter(db, after, chunk)
    for (const zone of zones) {
      if (served.get(zone.name) !== zone.serial) found.push(zone)
      served.delete(zone.name)
    }
    const last = zones.at(-1)
    if (last === undefined || zones.length < chunk) break
    after = last.id
  }
  const others = [...served.keys()]
  for (let at = 0; at < others.length; at += chunk)
    found.push(...(await deletedZones(db, others.slice(at, at + chunk))))
  return found
}

/** Takes over the failures an earlier run left: those of zones that do not wait have been mended without us. */
export async function adoptFailures(
  db: Db,
  server: string,
  publisher: Publisher,
  waits: (name: string) => boolean,
): Promise<void> {
  for (const name of await failedNames(db, server)) {
    if (waits(name)) publisher.failed.add(name)
    else await clearFailures(db, server, name)
  }
}
