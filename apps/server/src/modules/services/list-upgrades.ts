import { amountNumber, type Currency, type Cycle, recurs } from '@innkeeper/money'
import type { SignedInContext } from '../../context.ts'
import { notFound } from '../../refusal.ts'
import { defaultCycle, loadOffers, type OfferedField, type ProductOffer } from '../catalog/index.ts'
import { peekService } from './service-store.ts'
import { wireCycle } from './wire-service.ts'

/** What of a service can be changed, at the prices of today in its own cycle, and the products that it can become. */
export async function listUpgrades(ctx: SignedInContext, serviceId: string) {
  const service = await peekService(ctx.db, ctx.identity.accountId, serviceId)
  if (service === undefined || service.kind === 'domain') throw notFound()
  const { productId, cycle, config } = service
  if (productId === null || cycle === 'Once') return { resources: [], package: [] }
  const { products, currency } = await loadOffers(
    ctx.db,
    { productIds: [productId], withUpgrades: true },
    service.currency,
  )
  const present = products.get(productId)
  const targets = (present?.upgradeIds ?? []).flatMap(id => products.get(id) ?? [])
  return {
    resources: (present?.form ?? [])
      .filter(field => !field.retired && field.type !== 'input' && field.type !== 'textarea')
      .map(field => resourceOf(field, cycle, currency, config[field.id])),
    package: targets.flatMap(target => packageOf(target, cycle, currency) ?? []),
  }
}

type Chosen = Readonly<Record<string, unknown>> | undefined

function resourceOf(field: OfferedField, cycle: Cycle, currency: Currency, chosen: Chosen) {
  const items = field.items.filter(item =>
    item.retired ? chosen?.[item.id] !== undefined : !item.priced || item.prices.has(cycle),
  )
  return {
    id: Number(field.id),
    name: field.title,
    type: field.type,
    items: items.map(item => ({
      id: item.id,
      name: item.title,
      ...pricesOf(item.prices.get(cycle), currency),
      selected: chosen?.[item.id] !== undefined,
    })),
  }
}

/** In the service's own cycle if it is sold so, else in its shortest. */
function packageOf(target: ProductOffer, present: Cycle, currency: Currency) {
  const cycle = target.prices.has(present) ? present : defaultCycle(target)
  if (cycle === undefined || !recurs(cycle)) return undefined
  const { id, name } = target
  return { id, name, ...pricesOf(target.prices.get(cycle), currency), cycle: wireCycle(cycle) }
}

function pricesOf(price: { readonly priceMinor: bigint; readonly setupMinor: bigint } | undefined, currency: Currency) {
  return {
    price: amountNumber(price?.priceMinor ?? 0n, currency),
    setup_price: amountNumber(price?.setupMinor ?? 0n, currency),
  }
}
