import { formatAmount } from '@innkeeper/money'
import type { StaffContext } from '../../context.ts'
import type { Tx } from '../../db/database.ts'
import type { StaffModuleHandlers } from '../../http/implement.ts'
import { notFound, Refusal } from '../../refusal.ts'
import { lockAccount } from '../billing/index.ts'
import {
  completeProvisioning,
  type LockedService,
  lockService,
  provisionAgain,
  suspendService,
  terminateService,
  unsuspendService,
} from '../services/index.ts'
import { pageOf, sliceOf } from './listing.ts'
import { accountOfService, type ServiceRow, selectService, selectServices } from './services-store.ts'
import { wireMoment } from './wire.ts'

export const servicesHandlers: StaffModuleHandlers<'services'> = {
  async listServices(ctx, input) {
    const slice = sliceOf(input)
    const { client_id: clientId, product_id: productId, status, provisioning, name } = input
    const filter = { clientId, productId, status, provisioning, name }
    const { shown, next } = pageOf(await selectServices(ctx.db, filter, slice), slice)
    return { services: shown.map(rowOf), next }
  },
  async getService(ctx, { id }) {
    const row = await selectService(ctx.db, id)
    if (row === undefined) throw notFound()
    return {
      service: {
        ...rowOf(row),
        product_id: row.product_id,
        order_id: row.order_id,
        parent_id: row.parent_id,
        addon_ids: row.addon_ids,
        choices: row.choices.map(choice => ({ ...choice })),
        provisioner: row.provisioner,
        external_id: row.external_id,
        username: row.username,
        invoiced_until: wireMoment(row.invoiced_until),
        next_invoice_at: wireMoment(row.next_invoice_at),
        suspended_at: wireMoment(row.suspended_at),
        ended_at: wireMoment(row.ended_at),
      },
    }
  },
  suspendService: (ctx, { id }) =>
    change(ctx, id, 'service_suspended', (tx, service) => suspendService(ctx, tx, service, 'staff')),
  unsuspendService: (ctx, { id }) =>
    change(ctx, id, 'service_unsuspended', (tx, service) => unsuspendService(ctx, tx, service)),
  terminateService: (ctx, { id, reason }) =>
    change(ctx, id, 'service_terminated', (tx, service) => terminateService(ctx, tx, service, reason)),
  completeProvisioning: (ctx, { id, username, password, external_id: externalId }) =>
    change(ctx, id, 'service_provisioned', async (tx, service) => {
      await completeProvisioning(ctx, tx, service, { username, password, externalId })
      return true
    }),
  provisionAgain: (ctx, { id }) =>
    change(ctx, id, 'service_provisioning', (tx, service) => provisionAgain(ctx, tx, service)),
}

/** Changes a service, whose money is locked as for all changes; refuses where it is in that state already. */
async function change(
  ctx: StaffContext,
  id: string,
  info: string,
  act: (tx: Tx, service: LockedService) => Promise<boolean>,
) {
  const tx = await ctx.begin()
  const accountId = await accountOfService(tx, id)
  if (accountId === undefined) throw notFound()
  await lockAccount(tx, accountId)
  const service = await lockService(tx, accountId, id)
  if (service === undefined) throw notFound()
  if (!(await act(tx, service))) throw new Refusal('conflict', { also: [service.status] })
  const row = await selectService(tx, id)
  if (row === undefined) throw notFound()
  return { status: row.status, provisioning: row.provisioning, info: [info] }
}

function rowOf(row: ServiceRow) {
  return {
    id: row.id,
    client_id: row.account_id,
    kind: row.kind,
    product: row.product,
    name: row.name,
    label: row.label,
    status: row.status,
    cycle: row.cycle,
    price: formatAmount(BigInt(row.price_minor), { code: row.currency, exponent: row.exponent }),
    currency: row.currency,
    paid_until: wireMoment(row.paid_until),
    suspend_reason: row.suspend_reason,
    provisioning: row.provisioning,
    provisioning_error: row.provisioning_error,
    created_at: row.created_at.toISOString(),
  }
}
