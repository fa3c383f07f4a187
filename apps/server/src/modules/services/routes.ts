import { formatAmount, sum } from '@innkeeper/money'
import type { SignedInContext } from '../../context.ts'
import type { ModuleHandlers } from '../../http/implement.ts'
import { pageOf, sliceOf } from '../../paging.ts'
import { idsWith } from '../../privileges.ts'
import { notFound } from '../../refusal.ts'
import { getCycle, setCycle } from './change-cycle.ts'
import { openChange } from './change-store.ts'
import { cancelChange } from './drop-change.ts'
import { listUpgrades } from './list-upgrades.ts'
import { discounted } from './price.ts'
import { countServices, listedServices, shownService } from './read-store.ts'
import { renewService } from './renew-service.ts'
import { discountWith, peekService } from './service-store.ts'
import { orderUpgrade, quoteUpgrade, type Upgrade } from './upgrade-service.ts'
import { currencyOf, wireCycle, wireDay, wireDetails, wireRow } from './wire-service.ts'

export const serviceHandlers: ModuleHandlers<'services'> = {
  async listServices(ctx, input) {
    const { accountId, privileges } = ctx.identity
    const only = idsWith(privileges, 'services', 'basic')
    const slice = sliceOf(input)
    const rows = await listedServices(ctx.db, accountId, only, slice)
    const total = slice === undefined ? 0 : await countServices(ctx.db, accountId, only)
    return { services: rows.map(row => wireRow(ctx, row)), ...pageOf(input, total) }
  },
  async getService(ctx, { id }) {
    const service = await shownService(ctx.db, ctx.identity.accountId, id)
    if (service === undefined) throw notFound()
    return { service: wireDetails(ctx, service) }
  },
  listUpgrades: (ctx, { id }) => listUpgrades(ctx, id),
  async upgradeService(ctx, { id, resources, package: packageId, cycle, apply = 'now', send = false }) {
    const request = { serviceId: id, resources, packageId, cycle, apply }
    if (!send) return { upgrade: wireUpgrade(ctx, await quoteUpgrade(ctx, request)) }
    const upgrade = await orderUpgrade(ctx, request)
    const { number, invoiceId } = upgrade.ordered ?? {}
    return {
      upgrade: wireUpgrade(ctx, upgrade),
      ...(number === undefined ? {} : { order_num: number }),
      ...(invoiceId === undefined ? {} : { invoice_id: invoiceId }),
      info: ['upgrade_order_success'],
    }
  },
  async renewService(ctx, { id }) {
    return { status: true, invoice_id: await renewService(ctx, id), info: ['manualrenew_ok'] }
  },
  async getCycle(ctx, { id }) {
    const { current, cycles } = await getCycle(ctx, id)
    return { current: wireCycle(current), cycles }
  },
  async setCycle(ctx, { id, cycle }) {
    await setCycle(ctx, id, cycle)
    return { info: ['changebillingcycle_ok'] }
  },
}

/** The change of a service that waits. */
export const serviceExtensions: Pick<ModuleHandlers<'extensions'>, 'getServiceChange' | 'cancelServiceChange'> = {
  async getServiceChange(ctx, { id }) {
    const { accountId } = ctx.identity
    const service = await peekService(ctx.db, accountId, id)
    const change = await openChange(ctx.db, accountId, id)
    if (service === undefined || (change?.state !== 'queued' && change?.state !== 'invoiced')) throw notFound()
    return {
      change: {
        state: change.state,
        apply: change.apply,
        name: change.title ?? service.title,
        cycle: wireCycle(change.cycle ?? service.cycle),
        total: formatAmount(discounted(change.priceMinor, discountWith(service, change)), currencyOf(service)),
        setup: formatAmount(change.setupMinor, currencyOf(service)),
        ...(change.invoiceId === null ? {} : { invoice_id: change.invoiceId }),
        date_created: wireDay(ctx, change.createdAt),
        starts: wireDay(ctx, change.startsAt ?? (change.apply === 'renewal' ? service.invoicedUntil : null)),
        expires: wireDay(ctx, change.expiresAt),
      },
    }
  },
  async cancelServiceChange(ctx, { id }) {
    await cancelChange(ctx, await ctx.begin(), { id, accountId: ctx.identity.accountId })
    return { info: ['service_change_cancelled'] }
  },
}

/** What a change costs. A credit above the charge is shown whole; what it leaves over becomes credit of the account. */
function wireUpgrade(ctx: SignedInContext, { service, plan, now, periodMinor, setupMinor }: Upgrade) {
  const currency = currencyOf(service)
  const money = (minor: bigint) => formatAmount(minor, currency)
  const nextDue = now?.cut.replacing.at(-1)?.endsAt ?? (now === undefined ? service.invoicedUntil : service.paidUntil)
  return {
    charge: money(now === undefined ? 0n : now.chargeMinor + now.setupMinor + now.feeMinor),
    credit: money(now?.creditMinor ?? 0n),
    setup: money(setupMinor),
    tax: money(now === undefined ? 0n : sum([now.priced.taxMinor, now.priced.tax2Minor])),
    total: money(now?.priced.totalMinor ?? 0n),
    new_total: money(periodMinor),
    next_due: wireDay(ctx, nextDue),
    items: plan.items.map(({ name, from, to, priceMinor }) => ({ name, from, to, price: money(priceMinor) })),
  }
}
