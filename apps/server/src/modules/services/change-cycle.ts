import { type Cycle, formatAmount, type Minor, recurs } from '@innkeeper/money'
import type { SignedInContext } from '../../context.ts'
import type { Queryable } from '../../db/database.ts'
import { badField, notFound, Refusal } from '../../refusal.ts'
import { audit } from '../audit/index.ts'
import { lockAccount, refuseParked } from '../billing/index.ts'
import { loadOffers, type Offers } from '../catalog/index.ts'
import { insertChange, openChange, setCycleOfChange } from './change-store.ts'
import { cyclePrices } from './cycles.ts'
import { dropChange } from './drop-change.ts'
import { setupIn } from './plan-change.ts'
import { discounted } from './price.ts'
import { nameOfService } from './service-name.ts'
import { discountWith, type LockedService, lockService, peekService } from './service-store.ts'
import { isOver } from './status.ts'

/** The cycle of a service, and what a period costs in each that it can have. */
export async function getCycle(
  ctx: SignedInContext,
  serviceId: string,
): Promise<{ current: Cycle; cycles: Record<string, string> }> {
  const service = existing(await peekService(ctx.db, ctx.identity.accountId, serviceId))
  const currency = { code: service.currency, exponent: service.exponent }
  const shown = (priceMinor: Minor, cycle: Cycle) =>
    formatAmount(discounted(priceMinor, discountWith(service, { productId: null, cycle })), currency)
  const prices = cyclePrices(service, await offersFor(ctx.db, service, service.productId))
  const cycles = Object.fromEntries([...prices].map(([cycle, priceMinor]) => [cycle, shown(priceMinor, cycle)]))
  // It goes on at the price that it was bought for.
  return { current: service.cycle, cycles: { ...cycles, [service.cycle]: shown(service.priceMinor, service.cycle) } }
}

/** Another cycle from the next period on that is not billed yet. It joins a change that waits for the same moment. */
export async function setCycle(ctx: SignedInContext, serviceId: string, cycle: Cycle): Promise<void> {
  const { accountId } = ctx.identity
  const tx = await ctx.begin()
  refuseParked(await lockAccount(tx, accountId))
  const service = existing(await lockService(tx, accountId, serviceId))
  mustRecur(service)
  const change = await openChange(tx, accountId, serviceId)
  if (change !== undefined && change.state !== 'queued') throw new Refusal('conflict', { also: ['change_pending'] })
  const productId = change?.productId ?? service.productId
  const thing = { ...service, productId, config: change?.config ?? service.config }
  const onlyCycle = change !== undefined && change.productId === null && sameConfig(change.config, service)
  if (cycle === service.cycle && (change === undefined || onlyCycle)) {
    if (change === undefined) throw new Refusal('conflict', { also: ['nothing_changes'] })
    await dropChange(ctx, tx, change, 'cancelled')
    return
  }
  const offers = await offersFor(tx, service, productId)
  const priceMinor = cyclePrices(thing, offers).get(cycle)
  if (priceMinor === undefined) throw badField('cycle', 'field_format_error')
  const setupMinor = setupIn(cycle, service, thing, offers)
  if (change !== undefined) await setCycleOfChange(tx, change, { cycle, priceMinor, setupMinor })
  else {
    const nothing = { productId: null, config: null, orderId: null, invoiceId: null, expiresAt: null }
    await insertChange(
      tx,
      { ...nothing, accountId, serviceId, apply: 'renewal', cycle, priceMinor, setupMinor },
      ctx.business.now(),
    )
  }
  await audit(ctx, tx, {
    event: 'service.cycle',
    description: `${nameOfService(service)}: another billing cycle from the next period on`,
    detail: { service_id: serviceId, from: service.cycle, to: cycle },
    accountId,
  })
}

function mustRecur({ status, cycle, cancelAt }: LockedService): void {
  if (status === 'Pending' || isOver(status)) throw new Refusal('conflict', { also: [status] })
  if (!recurs(cycle)) throw new Refusal('conflict', { also: [cycle] })
  if (cancelAt !== null) throw new Refusal('conflict', { also: ['cancelled_already'] })
}

function sameConfig(config: unknown, service: LockedService): boolean {
  return config === null || JSON.stringify(config) === JSON.stringify(service.config)
}

function offersFor(db: Queryable, service: LockedService, productId: string | null): Promise<Offers> {
  const wanted = {
    productIds: [service.productId, productId].filter(id => id !== null),
    ...(service.addonId === null ? {} : { addonIds: [service.addonId] }),
  }
  return loadOffers(db, wanted, service.currency)
}

/** Domains have operations and privileges of their own. */
function existing(service: LockedService | undefined): LockedService {
  if (service === undefined || service.kind === 'domain') throw notFound()
  return service
}
