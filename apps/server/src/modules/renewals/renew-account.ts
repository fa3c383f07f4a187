import { type Day, dayOf, type PricedCart, priceCart, shiftDay, sum } from '@innkeeper/money'
import type { App, Context } from '../../context.ts'
import type { Tx } from '../../db/database.ts'
import { asSystem } from '../../operator.ts'
import { type IssuedInvoice, issueInvoice, parkAccount, settleInvoice } from '../billing/index.ts'
import { paymentMethodFor } from '../payments/index.ts'
import { billPeriods, type Renewal, renewalsOf } from '../services/index.ts'
import { taxTreatment } from '../tax/index.ts'
import { takeStages } from './dunning-store.ts'
import { writeLetter } from './letter.ts'
import { claimAccount, dueOfAccount, overlaps } from './renewal-store.ts'
import { isUnsound, Unsound } from './unsound.ts'

/** Services that one transaction renews. */
const atOnce = 100

/**
 * Bills what is due of an account: one period of each service after another, until the next is not due yet, so that
 * periods missed while nothing ran are made up for in their order. An account whose periods do not fit is parked.
 */
export async function renewAccount(app: App, accountId: string): Promise<void> {
  let more = true
  while (more) {
    more = await asSystem(app, ctx => renewOnce(ctx, accountId)).catch(async error => {
      if (!isUnsound(error)) throw error
      app.log.error({ err: error, accountId }, 'account parked: its money does not add up')
      await asSystem(app, async ctx => parkAccount(ctx, await ctx.begin(), accountId, error.message))
      return false
    })
  }
}

/** One round, in one transaction. Gives whether another is due. */
async function renewOnce(ctx: Context, accountId: string): Promise<boolean> {
  const tx = await ctx.begin()
  if (!(await claimAccount(tx, accountId))) return false
  const now = ctx.business.now()
  const due = await dueOfAccount(tx, accountId, now, atOnce)
  const renewals = await renewalsOf(ctx, tx, accountId, due)
  if (renewals.length === 0) return false
  await refuseOverlaps(tx, renewals)
  for (const group of groupsOf(ctx, renewals)) await billGroup(ctx, tx, accountId, group)
  return (await dueOfAccount(tx, accountId, now, 1)).length > 0
}

/** A period that is billed although another lies across it would be paid twice. */
async function refuseOverlaps(tx: Tx, renewals: readonly Renewal[]): Promise<void> {
  const [overlap] = await overlaps(
    tx,
    renewals.map(({ service, period }) => ({ serviceId: service.id, ...period })),
  )
  if (overlap === undefined) return
  const until = overlap.endsAt.toISOString()
  throw new Unsound(`service ${overlap.serviceId} is due for renewal, but is billed until ${until} already`)
}

/** What goes on one invoice: renewals of one day in one currency, or each alone. */
function groupsOf({ config }: Context, renewals: readonly Renewal[]): Renewal[][] {
  if (!config.billing.mergeRenewals) return renewals.map(renewal => [renewal])
  const groups = new Map<string, Renewal[]>()
  for (const renewal of renewals) {
    const { period, service } = renewal
    const key = `${dayOf(period.startsAt, config.timeZone)} ${service.currency}`
    groups.set(key, [...(groups.get(key) ?? []), renewal])
  }
  return [...groups.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, group]) => group)
}

async function billGroup(ctx: Context, tx: Tx, accountId: string, group: readonly Renewal[]): Promise<void> {
  const [first] = group
  if (first === undefined) return
  const { currency: code, exponent } = first.service
  const method = await paymentMethodFor(ctx, tx, { accountId, currency: code })
  const priced = priceCart({
    currency: { code, exponent },
    lines: group.map(({ line }) => line),
    tax: await taxTreatment(ctx, tx, accountId),
    ...(method === undefined ? {} : { fee: method.fee }),
  })
  const invoice = await issueInvoice(ctx, tx, {
    accountId,
    priced,
    paymentMethodId: method?.id ?? null,
    dueOn: dueDay(ctx, first.period.startsAt),
  })
  await notePeriods(ctx, tx, accountId, group, invoice, priced)
  await settleInvoice(ctx, tx, { id: invoice.id, accountId })
  await takeStages(tx, invoice.id, ['issued'], ctx.business.now())
  await writeLetter(ctx, tx, { id: invoice.id, accountId }, 'issued')
}

async function notePeriods(
  ctx: Context,
  tx: Tx,
  accountId: string,
  group: readonly Renewal[],
  invoice: IssuedInvoice,
  { lines }: PricedCart,
): Promise<void> {
  const results = await billPeriods(
    ctx,
    tx,
    group.map(({ service, line, period }) => ({
      ...{ accountId, serviceId: service.id, ...period, reason: 'renewal' as const },
      lineId: invoice.lines.find(({ key, role }) => key === line.key && role === 'item')?.id ?? null,
      // Without the setup that a change may bring: nobody gets that back.
      netMinor: sum(
        lines.filter(({ key, role }) => key === line.key && role === 'item').map(({ netMinor }) => netMinor),
      ),
    })),
  )
  const twice = group.find((_renewal, index) => results[index] !== 'billed')
  if (twice === undefined) return
  // The transaction that made this second line goes back.
  throw new Unsound(`service ${twice.service.id}: its period from ${twice.period.startsAt.toISOString()} is billed`)
}

/** The day the period begins. What we are late with is not the customer's fault: that is due as an order would be. */
function dueDay({ business, config }: Context, startsAt: Date): Day {
  const today = dayOf(business.now(), config.timeZone)
  const begin = dayOf(startsAt, config.timeZone)
  return begin < today ? shiftDay(today, config.billing.dueDays) : begin
}
