import { Type } from 'typebox'
import type { App, Context } from '../../context.ts'
import type { Tx } from '../../db/database.ts'
import { enqueue, enqueueAll, type Job, job, jobKind } from '../../jobs/index.ts'
import { asSystem } from '../../operator.ts'
import { audit, auditAll } from '../audit/index.ts'
import {
  markFailed,
  markMade,
  markQueued,
  markWaiting,
  type ProvisionTask,
  startMaking,
  takeTask,
} from './provision-store.ts'
import type { ProvisionedService, Provisioner, Provisioners, ProvisionOutcome } from './provisioners/provisioner.ts'
import { activated, reachEnd } from './reach-end.ts'
import { nameOfService } from './service-name.ts'
import { type LockedService, lockService, lockServices } from './service-store.ts'
import { startLate } from './start-late.ts'
import { wantedEnd } from './status.ts'

const declaration = { name: 'service.provision', payload: Type.Object({ serviceId: Type.String() }), maxAttempts: 25 }
const provisioning = jobKind(declaration)

/** Starts to make services that were ordered. A second time it does nothing; staff start a failed one with {@link provisionAgain}. */
export async function startProvisioning(
  ctx: Context,
  tx: Tx,
  accountId: string,
  ids: readonly string[],
): Promise<void> {
  await startLocked(ctx, tx, await lockServices(tx, accountId, ids))
}

/** The same of services of one account whose rows are locked. A few statements, however many services. */
export async function startLocked(ctx: Context, tx: Tx, services: readonly LockedService[]): Promise<void> {
  const starting = services.filter(({ status, provisioning: state }) => status === 'Pending' && state === 'none')
  const toMake = starting.filter(service => !isMadeByItself(service))
  if (toMake.length > 0) {
    await startMaking(tx, toMake)
    const jobs = toMake.map(({ id }) => ({ payload: { serviceId: id }, key: id }))
    await enqueueAll(tx, provisioning, jobs)
  }
  const made = starting.filter(isMadeByItself)
  if (made.length === 0) return
  await markMade(tx, made)
  await startLate(ctx, tx, made)
  await auditAll(ctx, tx, made.map(activated))
  // A host that starts together with its addons is made with them.
  const together = new Set(starting.map(service => service.id))
  for (const service of made) {
    if (service.kind === 'addon' && !together.has(service.parentId ?? '')) await tellHost(ctx, tx, service)
  }
}

function isMadeByItself({ provisioner }: LockedService): boolean {
  return provisioner === 'none'
}

/**
 * Has the provisioner bring about what the status of the service says now. Where nothing has to be made, that is done
 * here and now.
 */
export async function requestEnd(ctx: Context, tx: Tx, service: LockedService): Promise<void> {
  const revision = await markQueued(tx, service)
  const { status } = service
  if (isMadeByItself(service)) {
    await reachEnd(ctx, tx, service, {}, { revision, status })
    if (service.kind === 'addon') await tellHost(ctx, tx, service)
    return
  }
  await enqueue(tx, provisioning, { serviceId: service.id }, { key: service.id })
}

/** Addons that nobody makes apart are part of what the service they belong to is made of. */
async function tellHost(ctx: Context, tx: Tx, addon: LockedService): Promise<void> {
  const host = addon.parentId === null ? undefined : await lockService(tx, addon.accountId, addon.parentId)
  if (host?.status === 'Active') await requestEnd(ctx, tx, host)
}

/** Tries again what failed, at once. False: it has not failed. */
export async function provisionAgain(ctx: Context, tx: Tx, service: LockedService): Promise<boolean> {
  if (service.provisioning !== 'failed') return false
  await requestEnd(ctx, tx, service)
  await audit(ctx, tx, {
    event: 'service.provision_again',
    description: `${nameOfService(service)}: tried again`,
    detail: { service_id: service.id },
    accountId: service.accountId,
  })
  return true
}

/** The job that brings services about, with all who can. */
export function provisionJob(provisioners: Provisioners): Job<{ serviceId: string }> {
  return job({ ...declaration, run: (app, { serviceId }) => provision(app, provisioners, serviceId) })
}

/** What the job does. */
export async function provision(app: App, provisioners: Provisioners, serviceId: string): Promise<void> {
  const task = await takeTask(app.db, serviceId)
  if (task === undefined) return
  const outcome = await bringAbout(app, provisioners[task.provisioner], task).catch(async (error: unknown) => {
    await markFailed(app.db, task, error instanceof Error ? error.message : String(error))
    throw error
  })
  if (outcome.state === 'waiting') return await markWaiting(app.db, task)
  const reached = await asSystem(app, async ctx => {
    const tx = await ctx.begin()
    const service = await lockService(tx, task.accountId, task.id)
    return service === undefined || (await reachEnd(ctx, tx, service, outcome, task))
  })
  // Another end was asked for while this one was brought about. Its own job may have run before this one ended, so it
  // is brought about once more.
  if (!reached) await provision(app, provisioners, serviceId)
}

async function bringAbout(
  app: App,
  provisioner: Provisioner | undefined,
  task: ProvisionTask,
): Promise<ProvisionOutcome> {
  if (provisioner === undefined) throw new Error(`there is no provisioner ${task.provisioner}`)
  const service: ProvisionedService = task
  switch (wantedEnd(task.status)) {
    case 'gone':
      return await provisioner.terminate(app, service)
    case 'suspended':
      return await provisioner.suspend(app, service)
    case 'running': {
      if (task.provisioned === 'nothing') return await provisioner.create(app, service)
      const back = task.provisioned === 'suspended' ? await provisioner.unsuspend(app, service) : undefined
      // It may have been changed while it was suspended.
      return back?.state === 'waiting' ? back : await provisioner.change(app, service)
    }
  }
}
