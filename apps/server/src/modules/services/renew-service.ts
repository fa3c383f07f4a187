import { addPeriod, dayOf, priceCart, startOfDay } from '@innkeeper/money'
import type { Context, SignedInContext } from '../../context.ts'
import type { Tx } from '../../db/database.ts'
import { notFound, Refusal } from '../../refusal.ts'
import { audit } from '../audit/index.ts'
import { issueInvoice, lockAccount, refuseParked, settleInvoice } from '../billing/index.ts'
import { taxTreatment } from '../tax/index.ts'
import { billPeriods } from './bill-periods.ts'
import { hasUnpaidPeriods } from './funding-store.ts'
import { latest } from './proration.ts'
import { type Renewal, renewalsOf } from './renewal.ts'
import { peekService } from './service-store.ts'

/**
 * Makes the invoice for the next period before its time. Not for what is over or ends, was billed already and not paid,
 * or is paid for more than a period ahead.
 */
export async function renewService(ctx: SignedInContext, serviceId: string): Promise<string> {
  const { accountId } = ctx.identity
  const tx = await ctx.begin()
  const account = await lockAccount(tx, accountId)
  refuseParked(account)
  const seen = await peekService(tx, accountId, serviceId)
  if (seen === undefined || seen.kind === 'domain') throw notFound()
  const [renewal] = await renewalsOf(ctx, tx, accountId, [serviceId])
  if (renewal === undefined || isTooEarly(ctx, renewal) || (await hasUnpaidPeriods(tx, accountId, serviceId)))
    throw new Refusal('renewnotavailable')
  const invoiceId = await billRenewal(ctx, tx, renewal, account.paymentMethodId)
  await audit(ctx, tx, {
    event: 'service.renew',
    description: `${renewal.service.title} ${renewal.service.name} renewed`,
    detail: { service_id: serviceId, invoice: invoiceId },
    accountId,
  })
  return invoiceId
}

function isTooEarly(ctx: SignedInContext, { service, period }: Renewal): boolean {
  const { timeZone } = ctx.config
  const now = ctx.business.now()
  const from = service.cycle === 'h' ? now : startOfDay(now, timeZone)
  return period.startsAt > addPeriod(from, service.cycle, service.anchorDay, timeZone)
}

/** Makes the invoice of one renewal. */
export async function billRenewal(
  ctx: Context,
  tx: Tx,
  { service, line, period }: Renewal,
  paymentMethodId: string | null,
): Promise<string> {
  const { accountId, id: serviceId, currency, exponent } = service
  const tax = await taxTreatment(ctx, tx, accountId)
  const priced = priceCart({ currency: { code: currency, exponent }, lines: [line], tax })
  const now = ctx.business.now()
  // Nobody has to pay for it before it begins.
  const dueOn = dayOf(latest(period.startsAt, now), ctx.config.timeZone)
  const invoice = await issueInvoice(ctx, tx, { accountId, priced, paymentMethodId, dueOn })
  const item = invoice.lines.find(each => each.role === 'item')
  const bill = {
    accountId,
    serviceId,
    lineId: item?.id ?? null,
    reason: 'renewal',
    netMinor: item?.netMinor ?? 0n,
  } as const
  const [billed] = await billPeriods(ctx, tx, [{ ...bill, ...period }])
  if (billed !== 'billed') throw new Refusal('renewnotavailable')
  await settleInvoice(ctx, tx, { id: invoice.id, accountId })
  return invoice.id
}
