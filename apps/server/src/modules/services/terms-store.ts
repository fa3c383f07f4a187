import type { Cycle, Minor } from '@innkeeper/money'
import { sql } from 'kysely'
import type { Tx } from '../../db/database.ts'
import type { ServiceConfig } from './bought.ts'
import { discountColumns } from './price.ts'
import { discountWith, type LockedService } from './service-store.ts'

export interface NewTerms {
  readonly productId: string | null
  /** Out of whose stock that came. */
  readonly stockProductId: string | null
  readonly config: ServiceConfig | null
  readonly cycle: Cycle | null
  readonly priceMinor: Minor
  /** Where a new cycle is counted from another day. */
  readonly anchorDay?: number
}

/** What a service is and costs from now on; what is null stays. A new product brings its limit of zones. */
export async function setTerms(tx: Tx, ref: LockedService, terms: NewTerms): Promise<void> {
  const { productId, stockProductId, config, cycle, priceMinor, anchorDay } = terms
  await tx
    .updateTable('service')
    .set({
      price_minor: String(priceMinor),
      ...(config === null ? {} : { config: JSON.stringify(config) }),
      ...(cycle === null ? {} : { cycle }),
      ...(anchorDay === undefined ? {} : { anchor_day: anchorDay }),
      ...(discountWith(ref, terms) === undefined ? { promo_id: null, ...discountColumns(undefined) } : {}),
      ...(productId === null || productId === ref.productId
        ? {}
        : {
            product_id: productId,
            stock_product_id: stockProductId,
            dns_zone_limit: sql<number | null>`(
              select case when dns_zone_limit is not null then greatest(dns_zone_limit, service.dns_zone_count) end
              from product where product.id = ${productId})`,
          }),
    })
    .where('id', '=', ref.id)
    .where('account_id', '=', ref.accountId)
    .execute()
}
