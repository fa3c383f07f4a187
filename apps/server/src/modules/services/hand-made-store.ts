import { sql } from 'kysely'
import type { Tx } from '../../db/database.ts'

export interface NewProduct {
  readonly name: string
  readonly features: readonly string[]
  /** Zones a service of it may hold; undefined: no limit. */
  readonly dnsZoneLimit?: number
}

/** The product of this name, made if there is none. Products belong to the provider, not to an account. */
export async function ensureProduct(tx: Tx, product: NewProduct): Promise<string> {
  const { id } = await tx
    .insertInto('product')
    .values({ name: product.name, features: [...product.features], dns_zone_limit: product.dnsZoneLimit ?? null })
    // An update that changes nothing: without one, the row that is there would not be returned.
    .onConflict(conflict => conflict.column('name').doUpdateSet({ name: product.name }))
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

/** Gives an account a service of a product, running at once; without a limit of its own it has that of the product. */
export async function insertService(
  tx: Tx,
  accountId: string,
  productId: string,
  label: string,
  at: Date,
  dnsZoneLimit?: number,
): Promise<string> {
  const { id } = await tx
    .insertInto('service')
    .columns(['account_id', 'product_id', 'label', 'status', 'dns_zone_limit', 'created_at'])
    .expression(
      tx
        .selectFrom('product')
        .where('product.id', '=', productId)
        .select(({ val, ref }) => [
          sql<string>`${accountId}::bigint`.as('account_id'),
          ref('product.id').as('product_id'),
          sql<string>`${label}::text`.as('label'),
          val('Active').as('status'),
          dnsZoneLimit === undefined
            ? ref('product.dns_zone_limit').as('dns_zone_limit')
            : sql<number>`${dnsZoneLimit}::integer`.as('dns_zone_limit'),
          sql<Date>`${at}::timestamptz`.as('created_at'),
        ]),
    )
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}
