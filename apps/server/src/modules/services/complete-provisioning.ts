import type { Context } from '../../context.ts'
import type { Tx } from '../../db/database.ts'
import { audit } from '../audit/index.ts'
import type { ServiceRef } from './bought.ts'
import { locked } from './end-service.ts'
import { type Made, reachEnd } from './reach-end.ts'

/** What was waiting to be brought about (making, changing, suspending, removing it) was done by hand. False: nothing was. */
export async function completeProvisioning(ctx: Context, tx: Tx, ref: ServiceRef, made: Made): Promise<boolean> {
  const service = await locked(tx, ref)
  if (service.provisioning === 'none' || service.provisioning === 'done') return false
  await audit(ctx, tx, {
    event: 'service.provisioned',
    description: `${service.title} ${service.name} was done by hand`.replace('  ', ' '),
    detail: { service_id: service.id, status: service.status },
    accountId: service.accountId,
  })
  return await reachEnd(ctx, tx, service, made)
}
