import { billedFrom, startOfDay } from '@innkeeper/money'
import type { SignedInContext } from '../../context.ts'
import { notFound, Refusal } from '../../refusal.ts'
import { audit } from '../audit/index.ts'
import { lockAccount, refuseParked } from '../billing/index.ts'
import { billRenewals } from './bill-renewals.ts'
import { hasUnpaidPeriods } from './funding-store.ts'
import { type Renewal, renewalsOf } from './renewal.ts'
import { nameOfService } from './service-name.ts'
import { peekService } from './service-store.ts'
import { Unsound } from './unsound.ts'

/**
 * Makes the invoice for the next period before its time. Not for what is over or ends, was billed already and not paid,
 * or is paid for more than a period ahead.
 */
export async function renewService(ctx: SignedInContext, serviceId: string): Promise<string> {
  const { accountId } = ctx.identity
  const tx = await ctx.begin()
  refuseParked(await lockAccount(tx, accountId))
  const seen = await peekService(tx, accountId, serviceId)
  if (seen === undefined || seen.kind === 'domain') throw notFound()
  const [renewal] = await renewalsOf(ctx, tx, accountId, [serviceId])
  if (renewal === undefined || isTooEarly(ctx, renewal) || (await hasUnpaidPeriods(tx, accountId, serviceId)))
    throw new Refusal('renewnotavailable')
  const { id: invoiceId } = await billRenewals(ctx, tx, [renewal]).catch(refuseUnsound)
  await audit(ctx, tx, {
    event: 'service.renew',
    description: `${nameOfService(renewal.service)} renewed`,
    detail: { service_id: serviceId, invoice: invoiceId },
    accountId,
  })
  return invoiceId
}

function isTooEarly(ctx: SignedInContext, { service, period }: Renewal): boolean {
  const { timeZone } = ctx.config
  const today = startOfDay(ctx.business.now(), timeZone)
  return period.startsAt > billedFrom(today, service.cycle, service.anchorDay, timeZone).endsAt
}

/** What contradicts itself parks the account when the sweep comes to it; whoever asked before then is told no. */
function refuseUnsound(error: unknown): never {
  throw error instanceof Unsound ? new Refusal('renewnotavailable') : error
}
