import type { Context } from '../../context.ts'
import type { Tx } from '../../db/database.ts'
import { audit, type Happening } from '../audit/index.ts'
import { secretOf } from './create-services.ts'
import { setDomainStatus } from './domain-store.ts'
import { markDone, type Provisioned, wantedRevision } from './provision-store.ts'
import { nameOfService } from './service-name.ts'
import { type LockedService, setStatus, turned } from './service-store.ts'
import { startLate } from './start-late.ts'
import { type ServiceStatus, wantedEnd } from './status.ts'

const provisionedAs: Readonly<Record<ReturnType<typeof wantedEnd>, Provisioned>> = {
  running: 'running',
  suspended: 'suspended',
  gone: 'nothing',
}

/** What a provisioner tells of what it made. */
export interface Made {
  readonly externalId?: string | undefined
  readonly username?: string | undefined
  readonly password?: string | undefined
}

/**
 * The end that was wanted is reached: a pending service is active from here on. False: by now another end is wanted, and
 * nothing but what was made is noted. `task` is what was worked on; without it, what is wanted now.
 */
export async function reachEnd(
  ctx: Context,
  tx: Tx,
  service: LockedService,
  made: Made,
  task?: { readonly revision: number; readonly status: ServiceStatus },
): Promise<boolean> {
  const revision = task?.revision ?? (await wantedRevision(tx, service))
  const { password, ...rest } = made
  const reached = await markDone(
    tx,
    { id: service.id, revision },
    {
      ...rest,
      provisioned: provisionedAs[wantedEnd(task?.status ?? service.status)],
      password: password === undefined ? undefined : ctx.secrets.encrypt(secretOf.password, password),
    },
  )
  if (!reached || service.status !== 'Pending') return reached
  await setStatus(tx, service, { status: 'Active' })
  await startLate(ctx, tx, [service])
  if (service.kind === 'domain') await setDomainStatus(tx, service.id, 'Active', service.invoicedUntil)
  await audit(ctx, tx, activated(service))
  await ctx.effects.serviceTurned(ctx, tx, { ...turned(service), turn: 'active' })
  return true
}

export function activated(service: LockedService): Happening {
  return {
    event: 'service.activate',
    description: `${nameOfService(service)} is running`,
    detail: { service_id: service.id },
    accountId: service.accountId,
  }
}
