import { sql } from 'kysely'
import type { Queryable, Tx } from '../../db/database.ts'
import { isCheckViolation } from '../../db/errors.ts'
import type { BoughtService } from './feature.ts'

export async function findService(
  db: Queryable,
  accountId: string,
  serviceId: string,
): Promise<BoughtService | undefined> {
  return await db
    .selectFrom('service')
    .innerJoin('product', 'product.id', 'service.product_id')
    .where('service.id', '=', serviceId)
    .where('service.account_id', '=', accountId)
    .select(['service.id', 'service.status', 'product.features'])
    .executeTakeFirst()
}

/** Ids of the account's services whose product has the feature, in order; of `only` these, if given. */
export async function serviceIdsWith(
  db: Queryable,
  accountId: string,
  feature: string,
  only: 'all' | readonly string[],
): Promise<string[]> {
  const rows = await db
    .selectFrom('service')
    .innerJoin('product', 'product.id', 'service.product_id')
    .where('service.account_id', '=', accountId)
    .where(eb => eb(eb.val(feature), '=', eb.fn.any('product.features')))
    .$if(only !== 'all', query => query.where('service.id', '=', sql<string>`any(${only}::bigint[])`))
    .select('service.id')
    .orderBy('service.id')
    .execute()
  return rows.map(row => row.id)
}

/**
 * Takes one of the service's zones and locks its row: `full` when its limit is reached. The limit is the check
 * constraint's to hold, so two requests never share the last place.
 */
export async function takeZonePlace(
  tx: Tx,
  accountId: string,
  serviceId: string,
): Promise<BoughtService | 'full' | undefined> {
  try {
    return await tx
      .updateTable('service')
      .from('product')
      .set(eb => ({ dns_zone_count: eb('dns_zone_count', '+', 1) }))
      .whereRef('product.id', '=', 'service.product_id')
      .where('service.id', '=', serviceId)
      .where('service.account_id', '=', accountId)
      .returning(['service.id', 'service.status', 'product.features'])
      .executeTakeFirst()
  } catch (error) {
    if (isCheckViolation(error, 'dns_zone_limit')) return 'full'
    throw error
  }
}

export async function releaseZonePlace(tx: Tx, accountId: string, serviceId: string): Promise<void> {
  await tx
    .updateTable('service')
    .set(eb => ({ dns_zone_count: eb('dns_zone_count', '-', 1) }))
    .where('id', '=', serviceId)
    .where('account_id', '=', accountId)
    .execute()
}

/** How many zones a service may hold; those that it has already, it keeps. Undefined changes nothing. */
export async function setZoneLimit(
  db: Queryable,
  accountId: string,
  serviceId: string,
  limit: number | undefined,
): Promise<void> {
  if (limit === undefined) return
  await db
    .updateTable('service')
    .set({ dns_zone_limit: sql<number>`greatest(${limit}::integer, dns_zone_count)` })
    .where('id', '=', serviceId)
    .where('account_id', '=', accountId)
    .execute()
}
