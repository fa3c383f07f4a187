import type { Context } from '../../context.ts'
import type { Tx } from '../../db/database.ts'
import { Refusal } from '../../refusal.ts'
import { audit } from '../audit/index.ts'
import type { ServiceRef } from './bought.ts'
import { locked } from './end-service.ts'
import { type Made, reachEnd } from './reach-end.ts'
import { nameOfService } from './service-name.ts'

/** Staff have done what a service waits for, or what its provisioner could not do. */
export async function completeProvisioning(ctx: Context, tx: Tx, ref: ServiceRef, made: Made): Promise<void> {
  const service = await locked(tx, ref)
  const { provisioning } = service
  if (provisioning === 'none' || provisioning === 'done') throw new Refusal('conflict', { also: [provisioning] })
  await reachEnd(ctx, tx, service, made)
  await audit(ctx, tx, {
    event: 'service.provision.complete',
    description: `${nameOfService(service)}: done by hand`,
    detail: { service_id: service.id },
    accountId: service.accountId,
  })
}
