import { dayOf } from '@innkeeper/money'
import type { Context, Effects, InvoiceRef } from '../../context.ts'
import type { Tx } from '../../db/database.ts'
import { applyChange } from './apply-change.ts'
import { leadTimes } from './bill-periods.ts'
import { changesOnInvoice, queueAgain } from './change-store.ts'
import { cutHours } from './cut-hours.ts'
import { refreshDates } from './dates-store.ts'
import { extendDomains } from './domain-store.ts'
import { dropChange, refundDropped } from './drop-change.ts'
import { dropRenewals } from './drop-renewals.ts'
import { cancelUnpaidServices } from './end-service.ts'
import { overdueServiceIds, releasePeriods, serviceIdsOfInvoice } from './period-store.ts'
import { startLocked } from './provision-service.ts'
import { type LockedService, lockServices } from './service-store.ts'
import { unsuspendService } from './suspend-service.ts'

type InvoiceEffects = Pick<Effects, 'invoicePaid' | 'invoiceReopened' | 'invoiceCancelled' | 'invoiceRefunded'>

/** What follows for services from what happens to an invoice. All of it is read from rows, so twice is as once. */
export const serviceEffects: InvoiceEffects = {
  async invoicePaid(ctx, tx, invoice) {
    const services = await servicesBilled(tx, invoice)
    await refresh(ctx, tx, services)
    const domains = services.filter(service => service.kind === 'domain' && service.status === 'Active')
    if (domains.length > 0) await extendDomains(tx, idsOf(domains))
    await startLocked(
      ctx,
      tx,
      services.filter(service => service.provisionOn === 'payment'),
    )
    await unsuspendPaid(ctx, tx, invoice.accountId, services)
    for (const service of services) {
      const { status, endedAt } = service
      if ((status !== 'Terminated' && status !== 'Cancelled') || endedAt === null) continue
      await cutHours(ctx, tx, service, endedAt)
      await dropRenewals(ctx, tx, service, endedAt, invoice)
    }
    for (const change of await changesOnInvoice(tx, invoice.accountId, invoice.id)) {
      if (change.state === 'invoiced') await applyChange(ctx, tx, change)
      else await refundDropped(ctx, tx, invoice)
    }
  },
  async invoiceReopened(ctx, tx, invoice) {
    await refresh(ctx, tx, await servicesBilled(tx, invoice))
  },
  async invoiceCancelled(ctx, tx, invoice) {
    const services = await servicesBilled(tx, invoice)
    await releasePeriods(tx, invoice.accountId, invoice.id, ctx.business.now())
    await refresh(ctx, tx, services)
    for (const change of await changesOnInvoice(tx, invoice.accountId, invoice.id)) {
      if (change.state !== 'invoiced') continue
      if (change.apply === 'renewal') await queueAgain(tx, change)
      else await dropChange(ctx, tx, change, 'cancelled')
    }
    await cancelUnpaidServices(ctx, tx, invoice.accountId, idsOf(services), 'its invoice was cancelled')
  },
  async invoiceRefunded(ctx, tx, invoice) {
    const services = await servicesBilled(tx, invoice)
    await refresh(ctx, tx, services)
    await cancelUnpaidServices(ctx, tx, invoice.accountId, idsOf(services), 'its invoice was refunded')
  },
}

async function servicesBilled(tx: Tx, { id, accountId }: InvoiceRef): Promise<LockedService[]> {
  return await lockServices(tx, accountId, await serviceIdsOfInvoice(tx, accountId, id))
}

async function refresh(ctx: Context, tx: Tx, services: readonly LockedService[]): Promise<void> {
  await refreshDates(tx, idsOf(services), leadTimes(ctx))
}

function idsOf(services: readonly LockedService[]): string[] {
  return services.map(service => service.id)
}

/** Starts again what was stopped because it was not paid, where nothing is overdue any more. */
async function unsuspendPaid(ctx: Context, tx: Tx, accountId: string, services: readonly LockedService[]) {
  const stopped = services.filter(({ status, suspendReason }) => status === 'Suspended' && suspendReason === 'overdue')
  if (stopped.length === 0) return
  const today = dayOf(ctx.business.now(), ctx.config.timeZone)
  const overdue = await overdueServiceIds(tx, accountId, idsOf(stopped), today)
  for (const service of stopped) {
    if (!overdue.has(service.id)) await unsuspendService(ctx, tx, service, { onlyIf: 'overdue' })
  }
}
