import { allocate, least, type Minor } from '@innkeeper/money'
import type { Context } from '../../context.ts'
import type { Tx } from '../../db/database.ts'
import { audit } from '../audit/index.ts'
import { returnStock } from '../catalog/index.ts'
import { taxTreatment } from '../tax/index.ts'
import { leadTimes } from './bill-periods.ts'
import { type Change, decideChange } from './change-store.ts'
import { refreshDates } from './dates-store.ts'
import { dropChange, refundDropped } from './drop-change.ts'
import { type Funding, hasUnpaidPeriods, upgradeLines } from './funding-store.ts'
import { giveBack } from './give-back.ts'
import { endPeriods, insertUpgradePeriod } from './live-period-store.ts'
import { type PricedChange, priceChange } from './price-change.ts'
import { shortened } from './proration.ts'
import { requestEnd } from './provision-service.ts'
import { anchorAfter } from './renewal.ts'
import { nameOfService } from './service-name.ts'
import { type LockedService, lockService } from './service-store.ts'
import { isOver } from './status.ts'
import { setTerms } from './terms-store.ts'

/**
 * Makes a service what a change says. One that was billed with a renewal takes effect when that period begins, however
 * early it is paid; the sweep of changes comes back to it. Its price counted on what was paid before: where that is gone,
 * its money becomes credit instead. False: not made, or not yet.
 */
export async function applyChange(ctx: Context, tx: Tx, change: Change): Promise<boolean> {
  const now = ctx.business.now()
  if (change.startsAt !== null && change.startsAt > now) return false
  const service = await lockService(tx, change.accountId, change.serviceId)
  if (service === undefined || isOver(service.status)) return false
  const money = change.apply === 'now' ? await moneyFor(ctx, tx, service, change) : undefined
  if (money !== undefined && (isShort(money) || (await hasUnpaidPeriods(tx, service.accountId, service.id)))) {
    if ((await dropChange(ctx, tx, change, 'cancelled')) && change.invoiceId !== null)
      await refundDropped(ctx, tx, { id: change.invoiceId, accountId: change.accountId })
    return false
  }
  if (!(await decideChange(tx, change, 'applied', now))) return false
  const anchorDay =
    money === undefined
      ? anchorAfter(service, change, now, ctx.config.timeZone)
      : await replacePeriods(ctx, tx, change, money)
  await setTerms(tx, service, { ...change, anchorDay })
  if (change.productId !== null && service.stockProductId !== null)
    await returnStock(tx, new Map([[service.stockProductId, 1]]))
  await refreshDates(tx, [service.id], leadTimes(ctx))
  if (service.provisioning !== 'none') await requestEnd(ctx, tx, await again(tx, service))
  await audit(ctx, tx, {
    event: 'service.change',
    description: `${nameOfService(service)} was changed`,
    detail: { service_id: service.id, change_id: change.id },
    accountId: service.accountId,
  })
  return true
}

/** With its new product, which another provisioner may make. */
async function again(tx: Tx, { accountId, id }: LockedService): Promise<LockedService> {
  const service = await lockService(tx, accountId, id)
  if (service === undefined) throw new Error(`service ${id} is gone`)
  return service
}

/** What a change costs today, and what there is for it. */
interface MoneyFor {
  readonly price: PricedChange
  /** The line that bills it, unless it was free. */
  readonly lineId: string | undefined
  /** Net: what was paid for it, and what is left of what was paid before, if that was taxed like it. */
  readonly minor: Minor
}

async function moneyFor(ctx: Context, tx: Tx, service: LockedService, change: Change): Promise<MoneyFor> {
  const to = {
    productId: change.productId,
    title: change.title ?? service.title,
    taxed: change.taxed ?? service.taxed,
    cycle: change.cycle ?? service.cycle,
    priceMinor: change.priceMinor,
    setupMinor: 0n,
  }
  const bill = change.invoiceId === null ? undefined : await upgradeLines(tx, change.invoiceId, service.id)
  // What was billed stays taxed as it was, however the customer is taxed since.
  const tax = bill?.tax ?? (await taxTreatment(ctx, tx, service.accountId))
  const price = await priceChange(ctx, tx, service, to, { tax }, change.invoiceId)
  const paidMinor = bill === undefined ? 0n : bill.netMinor - bill.creditMinor
  return { price, lineId: bill?.lineId, minor: price.creditMinor - price.apartMinor + paidMinor }
}

/** What rounding makes of a price and a credit that were each reckoned twice, and shared out with their tax. */
const roundingMinor = 4n

/** Whether something of what was paid before was given back since the change was ordered, so that it is not paid for. */
function isShort({ price: { chargeMinor, lackingMinor }, minor }: MoneyFor): boolean {
  return least(lackingMinor, chargeMinor - minor) > roundingMinor
}

/**
 * Ends what is paid and puts in its place what the change costs from today on, not from the day it was ordered: what was
 * paid for days since then goes back, as does what was paid before and is more than the new price.
 */
async function replacePeriods(ctx: Context, tx: Tx, change: Change, money: MoneyFor): Promise<number> {
  const { accountId, serviceId } = change
  const { price, minor: moneyMinor } = money
  const { cut, present } = price
  const { timeZone } = ctx.config
  const less = change.createdAt < present.startsAt ? shortened(cut, price.chargeMinor, moneyMinor, timeZone) : undefined
  const chargeMinor = less?.netMinor ?? price.chargeMinor
  await endPeriods(tx, cut.endedIds, cut.from)
  const back = { accountId, netMinor: price.apartMinor + moneyMinor - chargeMinor, reason: 'Unused time' }
  const holding = await giveBack(ctx, tx, back, price.funding)
  const lineId = lineHolding(holding, money.lineId)
  const nets = allocate(chargeMinor, cut.weights)
  for (const [index, period] of (less === undefined ? cut.replacing : [less.period]).entries()) {
    await insertUpgradePeriod(tx, { ...period, accountId, serviceId, lineId, netMinor: nets[index] ?? 0n })
  }
  return less?.anchorDay ?? cut.anchorDay
}

/** The line that pays for a new period: that of the change, unless its money went back; then one that still holds some. */
function lineHolding(holding: readonly Funding[], ofChange: string | undefined): string | null {
  return (holding.find(each => each.lineId === ofChange) ?? holding[0])?.lineId ?? null
}
