import type { Context } from '../../context.ts'
import type { Tx } from '../../db/database.ts'
import { notFound } from '../../refusal.ts'
import { audit } from '../audit/index.ts'
import { leadTimes } from './bill-periods.ts'
import type { ServiceRef } from './bought.ts'
import { openChange } from './change-store.ts'
import { cutHours } from './cut-hours.ts'
import { withdraw } from './drop-change.ts'
import { refreshDates } from './period-store.ts'
import { requestEnd } from './provision-service.ts'
import {
  addonIdsOf,
  type LockedService,
  lockService,
  setCancelAt,
  setDomainStatus,
  setStatus,
} from './service-store.ts'
import { canBecome, isOver, mustBecome } from './status.ts'

/** What a domain is when its service is over: nothing that keeps its name from others. */
const domainStatus = { Terminated: 'Cancelled', Cancelled: 'Cancelled', Fraud: 'Fraud' } as const
type Over = keyof typeof domainStatus

/** Ends a service for good: what it consists of is removed. */
export function terminateService(ctx: Context, tx: Tx, ref: ServiceRef, why: string): Promise<boolean> {
  return endService(ctx, tx, ref, 'Terminated', why)
}

/** Ends a service that was never paid for and is not running. */
export async function cancelUnpaidService(ctx: Context, tx: Tx, ref: ServiceRef, why: string): Promise<boolean> {
  const service = await locked(tx, ref)
  return service.status === 'Pending' && (await bringToEnd(ctx, tx, service, 'Cancelled', why))
}

/**
 * Ends a service whose order is taken back: one that was not started, and one that was started before it was paid and is
 * stopped for that. Nothing else would ever end that one: its invoice is void.
 */
export async function endWithOrder(ctx: Context, tx: Tx, ref: ServiceRef, why: string): Promise<boolean> {
  const { status, suspendReason } = await locked(tx, ref)
  if (status === 'Suspended' && suspendReason === 'overdue') return endService(ctx, tx, ref, 'Terminated', why)
  return cancelUnpaidService(ctx, tx, ref, why)
}

/** Ends a service at once because its customer wants that, or the order was refused. */
export function cancelService(ctx: Context, tx: Tx, ref: ServiceRef, why: string): Promise<boolean> {
  return endService(ctx, tx, ref, 'Cancelled', why)
}

export function markServiceFraud(ctx: Context, tx: Tx, ref: ServiceRef, why: string): Promise<boolean> {
  return endService(ctx, tx, ref, 'Fraud', why)
}

/**
 * Ends a service when its paid period is over: until then nothing changes but that it is not renewed. Gives the moment.
 */
export async function cancelAtPeriodEnd(ctx: Context, tx: Tx, ref: ServiceRef, why: string): Promise<Date> {
  const service = await locked(tx, ref)
  mustBecome(service.status, 'Cancelled')
  const at = service.cancelAt ?? service.paidUntil ?? ctx.business.now()
  await setCancelAt(tx, service, at)
  await audit(ctx, tx, {
    event: 'service.cancel_at_period_end',
    description: `${service.title} ends when its period is over: ${why}`,
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
    description: `${service.title} is renewed again`,
    detail: { service_id: service.id },
    accountId: service.accountId,
  })
}

async function endService(ctx: Context, tx: Tx, ref: ServiceRef, status: Over, why: string): Promise<boolean> {
  const service = await locked(tx, ref)
  // What never ran is not terminated but cancelled.
  const end = status === 'Terminated' && service.status === 'Pending' ? 'Cancelled' : status
  if (service.status === end) return false
  mustBecome(service.status, end)
  return await bringToEnd(ctx, tx, service, end, why)
}

async function bringToEnd(ctx: Context, tx: Tx, service: LockedService, status: Over, why: string): Promise<boolean> {
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
    description: `${service.title} ${service.name}: ${why}`,
    detail: { service_id: service.id, from: service.status },
    accountId: service.accountId,
  })
  await endAddons(ctx, tx, service, status, why)
  return true
}

const eventOf: Readonly<Record<Over, string>> = { Terminated: 'terminate', Cancelled: 'cancel', Fraud: 'fraud' }

/** An addon is nothing without what it belongs to. */
async function endAddons(ctx: Context, tx: Tx, service: LockedService, status: Over, why: string): Promise<void> {
  for (const id of await addonIdsOf(tx, service)) {
    const addon = await locked(tx, { id, accountId: service.accountId })
    const its = canBecome(addon.status, status) ? status : 'Cancelled'
    await bringToEnd(ctx, tx, addon, its, why)
  }
}

/** The row of a service that has to exist, locked. */
export async function locked(tx: Tx, { id, accountId }: ServiceRef): Promise<LockedService> {
  const service = await lockService(tx, accountId, id)
  if (service === undefined) throw notFound()
  return service
}
