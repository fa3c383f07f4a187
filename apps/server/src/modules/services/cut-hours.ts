import { least, startOfHour, sum } from '@innkeeper/money'
import type { Context } from '../../context.ts'
import type { Tx } from '../../db/database.ts'
import { issueCreditNote } from '../billing/index.ts'
import { fundingOf, leftOfLine } from './funding-store.ts'
import { giveBack } from './give-back.ts'
import { endPeriods, type LivePeriod, livePeriods } from './live-period-store.ts'
import { unusedOf } from './proration.ts'
import type { LockedService } from './service-store.ts'

const reason = 'Unused hours'
/** One of 25 hours, as clocks are put back. */
const longestDay = 25 * 3_600_000
const hourly = { cycle: 'h', newCycle: 'h' } as const

/**
 * Hours are billed by the day, and paid for as they are used: of a service that ended, what was billed for later hours is
 * given back, or taken off what is still due. The hour it ended in counts as used. A pro-forma is cut when it is paid
 * (invoice-effects.ts).
 */
export async function cutHours(ctx: Context, tx: Tx, service: LockedService, endedAt: Date): Promise<void> {
  const { accountId, id, cycle } = service
  if (cycle !== 'h') return
  const { timeZone } = ctx.config
  const until = startOfHour(new Date(endedAt.getTime() + 3_599_999), timeZone)
  const periods = (await livePeriods(tx, accountId, id, until)).filter(isCorrectable)
  if (periods.length === 0) return
  const funding = await fundingOf(tx, accountId, id, until)
  // Before the notes: one that closes its invoice leads back here.
  const ids = periods.map(period => period.id)
  await endPeriods(tx, ids, until)
  const unused = (period: LivePeriod) => unusedOf(period, hourly, until, timeZone)
  const paid = periods.filter(({ invoiceStatus }) => invoiceStatus === 'Paid')
  const netMinor = sum(paid.map(unused))
  if (netMinor > 0n) await giveBack(ctx, tx, { accountId, netMinor, reason }, funding)
  for (const period of periods) {
    const { invoiceId, lineId, invoiceStatus } = period
    if (invoiceId === null || lineId === null || invoiceStatus === 'Paid' || invoiceStatus === 'Refunded') continue
    const off = least(unused(period), await leftOfLine(tx, lineId))
    const lines = [{ lineId, netMinor: off }]
    if (off > 0n) await issueCreditNote(ctx, tx, { invoiceId, accountId, lines, payOut: 'credit', reason })
  }
}

/** A pro-forma cannot be corrected. What is longer than a day is not hours, but what another cycle was billed ahead. */
function isCorrectable({ invoiceStatus, isNumbered, startsAt, endsAt }: LivePeriod): boolean {
  return (invoiceStatus === null || isNumbered) && endsAt.getTime() - startsAt.getTime() <= longestDay
}
