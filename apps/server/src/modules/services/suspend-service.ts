import type { Context } from '../../context.ts'
import type { Tx } from '../../db/database.ts'
import { audit } from '../audit/index.ts'
import type { ServiceRef } from './bought.ts'
import { locked } from './end-service.ts'
import { requestEnd } from './provision-service.ts'
import { nameOfService } from './service-name.ts'
import { type LockedService, lockServices, setStatus, turned } from './service-store.ts'
import { mustBecome } from './status.ts'

/** Why a service is suspended: the first goes away by paying, the others by whoever decided them. */
export type SuspendReason = 'overdue' | 'staff'

/** Stops a service without removing anything. False: it is stopped already, for that reason or a graver one. */
export async function suspendService(ctx: Context, tx: Tx, ref: ServiceRef, reason: SuspendReason): Promise<boolean> {
  return suspend(ctx, tx, await locked(tx, ref), reason)
}

/** The same of several services of one account. */
export async function suspendServices(
  ctx: Context,
  tx: Tx,
  accountId: string,
  ids: readonly string[],
  reason: SuspendReason,
): Promise<void> {
  for (const service of await lockServices(tx, accountId, ids)) await suspend(ctx, tx, service, reason)
}

async function suspend(ctx: Context, tx: Tx, service: LockedService, reason: SuspendReason): Promise<boolean> {
  if (service.status === 'Suspended') {
    if (reason !== 'staff' || service.suspendReason === 'staff') return false
    // What staff stopped, a payment does not start again.
    await setStatus(tx, service, { status: 'Suspended', suspendReason: reason })
    await audit(ctx, tx, {
      event: 'service.suspend',
      description: `${nameOfService(service)} stays suspended: ${reason}`,
      detail: { service_id: service.id, reason },
      accountId: service.accountId,
    })
    return true
  }
  mustBecome(service.status, 'Suspended')
  await setStatus(tx, service, { status: 'Suspended', suspendedAt: ctx.business.now(), suspendReason: reason })
  await requestEnd(ctx, tx, { ...service, status: 'Suspended' })
  await audit(ctx, tx, {
    event: 'service.suspend',
    description: `${nameOfService(service)} suspended: ${reason}`,
    detail: { service_id: service.id, reason },
    accountId: service.accountId,
  })
  // Of what is overdue, the letter about its invoice tells.
  if (reason === 'staff') await ctx.effects.serviceTurned(ctx, tx, { ...turned(service), turn: 'suspended' })
  return true
}

/** Starts a suspended service again. False: it is not suspended, or for another reason than the given one. */
export async function unsuspendService(
  ctx: Context,
  tx: Tx,
  ref: ServiceRef,
  { onlyIf }: { readonly onlyIf?: SuspendReason } = {},
): Promise<boolean> {
  const service = await locked(tx, ref)
  if (service.status !== 'Suspended' || (onlyIf !== undefined && service.suspendReason !== onlyIf)) return false
  await setStatus(tx, service, { status: 'Active', suspendedAt: null, suspendReason: null })
  await requestEnd(ctx, tx, { ...service, status: 'Active' })
  await audit(ctx, tx, {
    event: 'service.unsuspend',
    description: `${nameOfService(service)} runs again`,
    detail: { service_id: service.id },
    accountId: service.accountId,
  })
  await ctx.effects.serviceTurned(ctx, tx, { ...turned(service), turn: 'unsuspended' })
  return true
}
