import { addDays, dayOf, type Minor } from '@innkeeper/money'
import type { SignedInContext } from '../../context.ts'
import type { Queryable, Tx } from '../../db/database.ts'
import { badField, notFound, Refusal } from '../../refusal.ts'
import { audit } from '../audit/index.ts'
import { issueInvoice, lockAccount, refuseParked, settleInvoice } from '../billing/index.ts'
import { loadOffers, takeStock } from '../catalog/index.ts'
import { paymentMethodFor } from '../payment-methods/index.ts'
import { taxTreatment } from '../tax/index.ts'
import { applyChange } from './apply-change.ts'
import { type Change, insertChange, openChange } from './change-store.ts'
import { hasUnpaidPeriods } from './funding-store.ts'
import { insertOrders } from './order-store.ts'
import { type ChangeRequest, type Plan, planChange } from './plan-change.ts'
import { discounted } from './price.ts'
import { type PricedChange, priceChange } from './price-change.ts'
import { nameOfService } from './service-name.ts'
import { discountWith, type LockedService, lockService, peekService } from './service-store.ts'

export interface UpgradeRequest extends ChangeRequest {
  readonly serviceId: string
  /** At once, paid for what is left of the period; or from the next period on. */
  readonly apply: 'now' | 'renewal'
}

/** What a change costs, and what came of it if it was ordered. */
export interface Upgrade {
  readonly service: LockedService
  readonly plan: Plan
  /** Undefined: it waits for the renewal, and nothing is to be paid before; or nothing changes. */
  readonly now: PricedChange | undefined
  /** Of one period from then on, after discounts. */
  readonly periodMinor: Minor
  /** Once, for what is new: of `now`, or with the renewal. */
  readonly setupMinor: Minor
  readonly paymentMethodId: string | null
  readonly ordered?: Ordered
}
/** Nothing: it is queued. An invoice where there is something to pay. */
interface Ordered {
  readonly number?: number
  readonly invoiceId?: string
}

/** What a change would cost, without asking for it. */
export async function quoteUpgrade(ctx: SignedInContext, request: UpgradeRequest): Promise<Upgrade> {
  const { accountId } = ctx.identity
  const service = await peekService(ctx.db, accountId, request.serviceId)
  return await evaluate(ctx, ctx.db, service, request)
}

/**
 * Orders a change. What is to be paid for it stands on an invoice, and it is made when that is paid; at once if nothing
 * is. The row of the account keeps a renewal of the same service waiting, and the index on open changes another change.
 */
export async function orderUpgrade(ctx: SignedInContext, request: UpgradeRequest): Promise<Upgrade> {
  const { accountId } = ctx.identity
  const tx = await ctx.begin()
  refuseParked(await lockAccount(tx, accountId))
  const upgrade = await evaluate(ctx, tx, await lockService(tx, accountId, request.serviceId), request)
  if (upgrade.plan.items.length === 0) throw new Refusal('conflict', { also: ['nothing_changes'] })
  await takeStockOf(tx, upgrade)
  const ordered = await (upgrade.now === undefined ? queue(ctx, tx, upgrade) : order(ctx, tx, upgrade, upgrade.now))
  await audit(ctx, tx, {
    event: 'service.upgrade',
    description: `${nameOfService(upgrade.service)}: a change was ordered`,
    detail: {
      service_id: request.serviceId,
      apply: upgrade.now === undefined ? 'renewal' : 'now',
      items: upgrade.plan.items.map(({ name, from, to }) => ({ name, from, to })),
    },
    accountId,
  })
  return { ...upgrade, ordered }
}

async function evaluate(
  ctx: SignedInContext,
  db: Queryable,
  service: LockedService | undefined,
  request: UpgradeRequest,
): Promise<Upgrade> {
  // Domains have operations and privileges of their own.
  if (service === undefined || service.kind === 'domain') throw notFound()
  await mustBeChangeable(db, service, request)
  const wanted = { productIds: [service.productId ?? ''], withUpgrades: true }
  const plan = planChange(service, await loadOffers(db, wanted, service.currency), request)
  const { setupMinor } = plan
  const later = { service, plan, now: undefined, setupMinor, paymentMethodId: null }
  // It goes on at the price that it was bought for, whatever the catalogue says since.
  if (plan.items.length === 0) return { ...later, periodMinor: discounted(service.priceMinor, service.discount) }
  if (!isForNow(service, request))
    return { ...later, periodMinor: discounted(plan.priceMinor, discountWith(service, plan)) }
  const { accountId, currency } = service
  const method = await paymentMethodFor(ctx, db, { accountId, currency })
  const tax = await taxTreatment(ctx, db, accountId)
  const now = await priceChange(ctx, db, service, plan, { tax, fee: method?.fee })
  return { service, plan, now, periodMinor: now.periodMinor, setupMinor, paymentMethodId: method?.id ?? null }
}

/** Hours of a day that are used are billed, so that another cycle can only begin with the next. */
function isForNow({ cycle }: LockedService, request: UpgradeRequest): boolean {
  const staysHourly = ['h', '', undefined].includes(request.cycle)
  return request.apply === 'now' && (cycle !== 'h' || staysHourly)
}

/**
 * Only what runs can be changed, one change at a time, and nothing while something of it is unpaid: there would be
 * nothing to credit for a period that is still to be paid at the old price.
 */
async function mustBeChangeable(db: Queryable, service: LockedService, request: UpgradeRequest): Promise<void> {
  const { id, accountId, kind, status, cancelAt, cycle, invoicedUntil } = service
  if (kind !== 'product' || cycle === 'Once') throw new Refusal('conflict', { also: ['cannot_change'] })
  if (status !== 'Active') throw new Refusal('conflict', { also: [status] })
  if (cancelAt !== null) throw new Refusal('conflict', { also: ['cancelled_already'] })
  if ((await openChange(db, accountId, id)) !== undefined) throw new Refusal('conflict', { also: ['change_pending'] })
  const waits = !isForNow(service, request)
  if (waits && invoicedUntil === null) throw new Refusal('conflict', { also: ['never_renewed'] })
  if (!waits && (await hasUnpaidPeriods(db, accountId, id))) throw new Refusal('conflict', { also: ['unpaid_invoice'] })
}

async function takeStockOf(tx: Tx, { service, plan }: Upgrade): Promise<void> {
  if (plan.productId === null || plan.productId === service.productId) return
  if (!(await takeStock(tx, new Map([[plan.productId, 1]])))) throw badField('package', 'field_format_error')
}

/** What every change says of what it changes to. */
function termsOf({ service, plan }: Upgrade) {
  const { productId, config, cycle, priceMinor, setupMinor } = plan
  return {
    accountId: service.accountId,
    serviceId: service.id,
    productId: productId === service.productId ? null : productId,
    config,
    cycle: cycle === service.cycle ? null : cycle,
    priceMinor,
    setupMinor,
  }
}

async function queue(ctx: SignedInContext, tx: Tx, upgrade: Upgrade): Promise<Ordered> {
  const nothingYet = { orderId: null, invoiceId: null, expiresAt: null }
  await insertChange(tx, { ...termsOf(upgrade), ...nothingYet, apply: 'renewal' }, ctx.business.now())
  return {}
}

async function order(ctx: SignedInContext, tx: Tx, upgrade: Upgrade, { priced, live }: PricedChange): Promise<Ordered> {
  const { paymentMethodId } = upgrade
  const { accountId, currency } = upgrade.service
  const at = ctx.business.now()
  const expiresAt = expiryOf(
    ctx,
    live.map(period => period.endsAt),
  )
  const free = priced.totalMinor === 0n
  const invoice = free
    ? undefined
    : await issueInvoice(ctx, tx, {
        accountId,
        priced,
        paymentMethodId,
        dueOn: dayOf(new Date(expiresAt.getTime() - 1), ctx.config.timeZone),
      })
  const invoiceId = invoice?.id ?? null
  const status = free ? 'Active' : 'Pending'
  const wanted = { accountId, kind: 'upgrade', status, currency, paymentMethodId, invoiceId } as const
  const nobody = { promoId: null, promoTargetIds: [], affiliateId: null }
  const [placed] = await insertOrders(tx, [{ ...wanted, ...nobody, totalMinor: priced.totalMinor }], at)
  if (placed === undefined) throw new Error(`the change of service ${upgrade.service.id} got no order`)
  const { id: orderId, number } = placed
  const change = { ...termsOf(upgrade), orderId, invoiceId, apply: 'now', expiresAt: free ? null : expiresAt } as const
  await insertChange(tx, change, at)
  if (invoice !== undefined) {
    await settleInvoice(ctx, tx, { id: invoice.id, accountId })
    return { number, invoiceId: invoice.id }
  }
  await applyChange(ctx, tx, await inserted(tx, upgrade.service))
  return { number }
}

async function inserted(tx: Tx, { accountId, id }: LockedService): Promise<Change> {
  const change = await openChange(tx, accountId, id)
  if (change === undefined) throw new Error(`service ${id} has no open change`)
  return change
}

/** Until when an unpaid change waits: as long as any invoice, but not beyond a period that it replaces. */
function expiryOf(ctx: SignedInContext, ends: readonly Date[]): Date {
  const { timeZone, billing } = ctx.config
  const usual = addDays(ctx.business.now(), billing.dueDays + 1, timeZone)
  return new Date(Math.min(usual.getTime(), ...ends.map(end => end.getTime())))
}
