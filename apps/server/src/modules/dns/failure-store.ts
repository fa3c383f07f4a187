import type { Db, Queryable } from '../../db/database.ts'

/** A zone a name server did not take. */
export interface PublishFailure {
  readonly server: string
  readonly zoneId: string
  readonly version: string
  readonly attempts: number
  readonly error: string
  readonly nextAttemptAt: Date
}

export async function noteFailure(db: Db, failure: PublishFailure): Promise<void> {
  const row = {
    version: failure.version,
    attempts: failure.attempts,
    error: failure.error.slice(0, 1000),
    next_attempt_at: failure.nextAttemptAt,
  }
  await db
    .insertInto('dns_publish_failure')
    .values({ ...row, server: failure.server, zone_id: failure.zoneId })
    .onConflict(conflict => conflict.columns(['server', 'zone_id']).doUpdateSet(row))
    .execute()
}

/** Every zone that a name server did not take, for people. */
export async function publishFailures(db: Queryable): Promise<{ server: string; zone: string; error: string }[]> {
  return db
    .selectFrom('dns_publish_failure')
    .innerJoin('dns_zone', 'dns_zone.id', 'dns_publish_failure.zone_id')
    .select(['server', 'dns_zone.name as zone', 'error'])
    .orderBy('dns_zone.name')
    .execute()
}

/** Names of the zones the server has failures of. */
export async function failedNames(db: Db, server: string): Promise<string[]> {
  const rows = await db
    .selectFrom('dns_publish_failure')
    .innerJoin('dns_zone', 'dns_zone.id', 'dns_publish_failure.zone_id')
    .where('server', '=', server)
    .select('dns_zone.name')
    .distinct()
    .execute()
  return rows.map(row => row.name)
}

/** Once the server took a zone of this name. */
export async function clearFailures(db: Db, server: string, name: string): Promise<void> {
  await db
    .deleteFrom('dns_publish_failure')
    .using('dns_zone')
    .whereRef('dns_zone.id', '=', 'dns_publish_failure.zone_id')
    .where('server', '=', server)
    .where('dns_zone.name', '=', name)
    .execute()
}
