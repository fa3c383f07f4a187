import { type Day, dayOf, priceCart, shiftDay, sum } from '@innkeeper/money'
import type { Context, InvoiceRef } from '../../context.ts'
import type { Tx } from '../../db/database.ts'
import { issueInvoice, settleInvoice } from '../billing/index.ts'
import { paymentMethodFor } from '../payment-methods/index.ts'
import { taxTreatment } from '../tax/index.ts'
import { billPeriods } from './bill-periods.ts'
import { overlaps } from './period-store.ts'
import type { Renewal } from './renewal.ts'
import { Unsound } from './unsound.ts'

/**
 * Makes one invoice for renewals of one account in one currency that begin on one day, whoever asked for them, with the
 * fee of the way it pays. Throws {@link Unsound} where time would be billed that is billed already.
 */
export async function billRenewals(
  ctx: Context,
  tx: Tx,
  renewals: readonly [Renewal, ...Renewal[]],
): Promise<InvoiceRef> {
  const [{ service, period }] = renewals
  const { accountId, currency: code, exponent } = service
  await refuseOverlaps(tx, renewals)
  const method = await paymentMethodFor(ctx, tx, { accountId, currency: code })
  const priced = priceCart({
    currency: { code, exponent },
    lines: renewals.map(({ line }) => line),
    tax: await taxTreatment(ctx, tx, accountId),
    ...(method === undefined ? {} : { fee: method.fee }),
  })
  const dueOn = dueDay(ctx, period.startsAt)
  const invoice = await issueInvoice(ctx, tx, { accountId, priced, paymentMethodId: method?.id ?? null, dueOn })
  await notePeriods(ctx, tx, renewals, invoice.lines)
  await settleInvoice(ctx, tx, { id: invoice.id, accountId })
  return { id: invoice.id, accountId }
}

/** A period that is billed although another lies across it would be paid twice. */
async function refuseOverlaps(tx: Tx, renewals: readonly Renewal[]): Promise<void> {
  const periods = renewals.map(({ service, period }) => ({ serviceId: service.id, ...period }))
  const [overlap] = await overlaps(tx, periods)
  if (overlap === undefined) return
  const until = overlap.endsAt.toISOString()
  throw new Unsound(`service ${overlap.serviceId} is due for renewal, but is billed until ${until} already`)
}

async function notePeriods(
  ctx: Context,
  tx: Tx,
  renewals: readonly Renewal[],
  lines: Awaited<ReturnType<typeof issueInvoice>>['lines'],
): Promise<void> {
  const periods = renewals.map(({ service, line, period }) => {
    // Without the setup that a change may bring: nobody gets that back.
    const items = lines.filter(({ key, role }) => key === line.key && role === 'item')
    return {
      ...{ accountId: service.accountId, serviceId: service.id, ...period, reason: 'renewal' as const },
      lineId: items[0]?.id ?? null,
      netMinor: sum(items.map(({ netMinor }) => netMinor)),
    }
  })
  const results = await billPeriods(ctx, tx, periods)
  const twice = periods.find((_period, index) => results[index] !== 'billed')
  if (twice === undefined) return
  // The transaction that made this second line goes back.
  throw new Unsound(`service ${twice.serviceId}: its period from ${twice.startsAt.toISOString()} is billed`)
}

/** The day the period begins. What we are late with is not the customer's fault: that is due as an order would be. */
function dueDay({ business, config }: Context, startsAt: Date): Day {
  const today = dayOf(business.now(), config.timeZone)
  const begin = dayOf(startsAt, config.timeZone)
  return begin < today ? shiftDay(today, config.billing.dueDays) : begin
}
