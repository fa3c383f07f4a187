import { dayOf, parsePercent, type TaxTreatment, taxCountries, type VatFacts, vatTreatment } from '@innkeeper/money'
import type { App } from '../../context.ts'
import type { Queryable } from '../../db/database.ts'
import { type TaxFactsRow, taxFactsOf } from './store.ts'

/** How the account's purchases of today are taxed: the one answer that quote, order, renewal and invoice share. */
export async function taxTreatment(
  ctx: Pick<App, 'config' | 'business'>,
  db: Queryable,
  accountId: string,
): Promise<TaxTreatment> {
  const { seller, timeZone } = ctx.config
  const facts = await taxFactsOf(db, accountId, {
    day: dayOf(ctx.business.now(), timeZone),
    sellerCountry: taxCountries[seller.country] ?? seller.country,
    aliases: taxCountries,
  })
  return vatTreatment(vatFacts(ctx, facts))
}

function vatFacts({ config }: Pick<App, 'config'>, row: TaxFactsRow): VatFacts {
  return {
    seller: config.seller,
    buyer: {
      country: row.country,
      state: row.state,
      postcode: row.postcode,
      vatNumber: row.vateu,
      vatState: row.vat_state ?? 'unknown',
      exempt: row.tax_exempt,
    },
    smallEuSeller: config.billing.smallEuSeller,
    inclusive: config.billing.taxInclusive,
    // The column holds what parsePercent reads.
    rates: (row.rates ?? []).map(rate => ({ ...rate, percent: parsePercent(rate.percent) ?? 0 })),
  }
}
