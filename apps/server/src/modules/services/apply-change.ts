import type { Context } from '../../context.ts'
import type { Tx } from '../../db/database.ts'
import { audit } from '../audit/index.ts'
import { type Change, decideChange } from './change-store.ts'
import { requestEnd } from './provision-service.ts'
import { lockService, setTerms } from './service-store.ts'
import { isOver } from './status.ts'

/**
 * Makes a service what a change says. One that was billed with a renewal takes effect when that period begins, however
 * early it is paid; the sweep of changes comes back to it. False: not yet, or decided before.
 */
export async function applyChange(ctx: Context, tx: Tx, change: Change): Promise<boolean> {
  const now = ctx.business.now()
  if (change.startsAt !== null && change.startsAt > now) return false
  const service = await lockService(tx, change.accountId, change.serviceId)
  if (service === undefined || isOver(service.status)) return false
  if (!(await decideChange(tx, change, 'applied', now))) return false
  await setTerms(tx, service, change)
  if (service.provisioning !== 'none') await requestEnd(ctx, tx, service)
  await audit(ctx, tx, {
    event: 'service.change',
    description: `${service.title} ${service.name} was changed`,
    detail: { service_id: service.id, change_id: change.id },
    accountId: service.accountId,
  })
  return true
}
