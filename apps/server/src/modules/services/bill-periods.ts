import type { App } from '../../context.ts'
import type { Tx } from '../../db/database.ts'
import type { NewPeriod } from './bought.ts'
import { markInvoiced } from './change-store.ts'
import { type LeadTimes, refreshDates } from './dates-store.ts'
import { extendDomains } from './domain-store.ts'
import { insertPeriods } from './period-store.ts'

export function leadTimes({ config }: Pick<App, 'config'>): LeadTimes {
  const { renewalLeadDays, domainLeadDays } = config.billing
  return { timeZone: config.timeZone, days: renewalLeadDays, domainDays: domainLeadDays }
}

/**
 * Notes the periods that lines of an invoice bill, in the transaction that made the invoice; tells of each, in the same
 * order, whether it was billed `already`. Then nothing was written for it, and whoever made a second line for it has to
 * roll back. A queued change whose price the line has becomes part of the invoice.
 */
export async function billPeriods(
  ctx: Pick<App, 'config'>,
  tx: Tx,
  periods: readonly NewPeriod[],
): Promise<readonly ('billed' | 'already')[]> {
  if (periods.length === 0) return []
  const billed = new Set((await insertPeriods(tx, periods)).map(nameOf))
  const renewed = periods.filter(period => period.reason === 'renewal' && billed.has(nameOf(period)))
  if (renewed.length > 0) await markInvoiced(tx, renewed)
  await refreshDates(tx, [...new Set(periods.map(period => period.serviceId))], leadTimes(ctx))
  // What is paid extends its domain when the payment comes: see invoice-effects.ts.
  const free = renewed.filter(period => period.lineId === null)
  if (free.length > 0) await extendDomains(tx, [...new Set(free.map(period => period.serviceId))])
  return periods.map(period => (billed.has(nameOf(period)) ? 'billed' : 'already'))
}

function nameOf({ serviceId, startsAt }: Pick<NewPeriod, 'serviceId' | 'startsAt'>): string {
  return `${serviceId} ${startsAt.getTime()}`
}
