import type { Context } from '../../context.ts'
import type { Tx } from '../../db/database.ts'
import { notFound } from '../../refusal.ts'
import { audit } from '../audit/index.ts'
import { leadTimes } from './bill-periods.ts'
import type { ServiceRef } from './bought.ts'
import { openChange } from './change-store.ts'
import { cutHours } from './cut-hours.ts'
import { refreshDates } from './dates-store.ts'
import { setDomainStatus } from './domain-store.ts'
import { withdraw } from './drop-change.ts'
import { dropRenewals } from './drop-renewals.ts'
import { paidServiceIds } from './period-store.ts'
import { requestEnd } from './provision-service.ts'
import { nameOfService } from './service-name.ts'
import { addonIdsOf, type LockedService, lockService, lockServices, setCancelAt, setStatus } from './service-store.ts'
import { canBecome, isOver, mustBecome } from './status.ts'

/** What a domain is when its service is over: nothing that keeps its name from others. */
const domainStatus = { Terminated: 'Cancelled', Cancelled: 'Cancelled', Fraud: 'Fraud' } as const
type Over = keyof typeof domainStatus

/** Ends a service for good: what it consists of is removed. */
export function terminateService(ctx: Context, tx: Tx, ref: ServiceRef, why: string): Promise<boolean> {
  return endService(ctx, tx, ref, 'Terminated', why)
}

/** The same of several, those that are over left as they are. */
export async function terminateServices(
  ctx: Context,
  tx: Tx,
  accountId: string,
  ids: readonly string[],
  why: string,
): Promise<void> {
  await endAll(ctx, tx, await lockServices(tx, accountId, ids), undoneAs, why)
}

/** Ends services that were never paid for and are not running. */
export async function cancelUnpaidServices(
  ctx: Context,
  tx: Tx,
  accountId: string,
  ids: readonly string[],
  why: string,
): Promise<void> {
  const services = await lockServices(tx, accountId, ids)
  const pending = services.filter(({ status }) => status === 'Pending')
  await endAll(ctx, tx, pending, undoneAs, why)
}

/**
 * Ends what an order made that is taken back. What was started before it was paid ends too: nothing else would end it, for
 * its invoice is void, and the next sweep would bill its time anew. Gives those that go on, since a period of theirs is
 * paid; what fraud has, it loses.
 */
export async function endWithOrder(
  ctx: Context,
  tx: Tx,
  accountId: string,
  ids: readonly string[],
  { status, why }: { readonly status: 'Cancelled' | 'Fraud'; readonly why: string },
): Promise<ReadonlySet<string>> {
  const services = await lockServices(tx, accountId, ids)
  if (status === 'Fraud') {
    await endAll(ctx, tx, services, () => 'Fraud', why)
    return new Set()
  }
  const paid = await paidServiceIds(tx, accountId, ids, ctx.business.now())
  const unpaid = services.filter(({ id }) => !paid.has(id))
  const ended = await endAll(ctx, tx, unpaid, undoneAs, why)
  const goingOn = services.filter(({ id, status: was }) => paid.has(id) && !ended.has(id) && !isOver(was))
  return new Set(goingOn.map(({ id }) => id))
}

/** What never ran is not terminated but cancelled. */
function undoneAs({ status }: LockedService): Over {
  return status === 'Pending' ? 'Cancelled' : 'Terminated'
}

/** Ends a service at once because its customer wants that. */
export function cancelService(ctx: Context, tx: Tx, ref: ServiceRef, why: string): Promise<boolean> {
  return endService(ctx, tx, ref, 'Cancelled', why)
}

/**
 * Ends a service when its paid period is over: until then nothing changes but that it is not renewed. Gives the moment.
 */
export async function cancelAtPeriodEnd(ctx: Context, tx: Tx, ref: ServiceRef, why: string): Promise<Date> {
  const service = await locked(tx, ref)
  mustBecome(service.status, 'Cancelled')
  const now = ctx.business.now()
  const { cancelAt, paidUntil } = service
  // Not before now: what has begun of a period that is not paid is owed.
  const at = cancelAt ?? (paidUntil !== null && paidUntil > now ? paidUntil : now)
  await setCancelAt(tx, service, at)
  await audit(ctx, tx, {
    event: 'service.cancel_at_period_end',
    description: `${nameOfService(service)} ends when its period is over: ${why}`,
    detail: { service_id: service.id, at: at.toISOString() },
    accountId: service.accountId,
  })
  return at
}

/** Takes {@link cancelAtPeriodEnd} back. */
export async function keepService(ctx: Context, tx: Tx, ref: ServiceRef): Promise<void> {
  const service = await locked(tx, ref)
  if (service.cancelAt === null || isOver(service.status)) return
  await setCancelAt(tx, service, null)
  await refreshDates(tx, [service.id], leadTimes(ctx))
  await audit(ctx, tx, {
    event: 'service.keep',
    description: `${nameOfService(service)} is renewed again`,
    detail: { service_id: service.id },
    accountId: service.accountId,
  })
}

async function endService(ctx: Context, tx: Tx, ref: ServiceRef, status: Over, why: string): Promise<boolean> {
  const service = await locked(tx, ref)
  const end = status === 'Terminated' ? undoneAs(service) : status
  if (service.status === end) return false
  mustBecome(service.status, end)
  await bringToEnd(ctx, tx, service, end, why)
  return true
}

/** Ends those that are not over, each once although addons end with what they belong to. Gives the ids of all that ended. */
async function endAll(
  ctx: Context,
  tx: Tx,
  services: readonly LockedService[],
  statusOf: (service: LockedService) => Over,
  why: string,
): Promise<ReadonlySet<string>> {
  const ended = new Set<string>()
  for (const service of services) {
    if (ended.has(service.id) || isOver(service.status)) continue
    for (const id of await bringToEnd(ctx, tx, service, statusOf(service), why)) ended.add(id)
  }
  return ended
}

/** Gives the ids of all that ended: the service, and what is nothing without it. */
async function bringToEnd(ctx: Context, tx: Tx, service: LockedService, status: Over, why: string): Promise<string[]> {
  const at = ctx.business.now()
  const ended: LockedService = { ...service, status }
  await setStatus(tx, service, { status, endedAt: at })
  if (service.kind === 'domain') await setDomainStatus(tx, service.id, domainStatus[status])
  const change = await openChange(tx, service.accountId, service.id)
  if (change !== undefined) await withdraw(ctx, tx, change, 'cancelled')
  if (service.status !== 'Pending' && status !== 'Fraud') await cutHours(ctx, tx, service, at)
  // What was never started has nothing to be removed.
  if (service.provisioning !== 'none') await requestEnd(ctx, tx, ended)
  await audit(ctx, tx, {
    event: `service.${eventOf[status]}`,
    description: `${nameOfService(service)}: ${why}`,
    detail: { service_id: service.id, from: service.status },
    accountId: service.accountId,
  })
  const ids = [service.id]
  // An addon is nothing without what it belongs to, and has none of its own.
  const addons =
    service.kind === 'product' ? await lockServices(tx, service.accountId, await addonIdsOf(tx, service)) : []
  for (const addon of addons) {
    const its = canBecome(addon.status, status) ? status : 'Cancelled'
    ids.push(...(await bringToEnd(ctx, tx, addon, its, why)))
  }
  // After the addons are locked: credit notes hold the number series.
  await dropRenewals(ctx, tx, service, at)
  return ids
}

const eventOf: Readonly<Record<Over, string>> = { Terminated: 'terminate', Cancelled: 'cancel', Fraud: 'fraud' }

/** The row of a service that has to exist, locked. */
export async function locked(tx: Tx, { id, accountId }: ServiceRef): Promise<LockedService> {
  const service = await lockService(tx, accountId, id)
  if (service === undefined) throw notFound()
  return service
}
