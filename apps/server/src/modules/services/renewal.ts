import { anchorDayOf, billedFrom, type CartLine, type Cycle, monthsOf, type Period, recurs } from '@innkeeper/money'
import type { App } from '../../context.ts'
import type { Tx } from '../../db/database.ts'
import { choicesText } from '../catalog/index.ts'
import { type Change, openChanges } from './change-store.ts'
import { lineName } from './line-name.ts'
import { discountedAtOnce } from './price.ts'
import { discountWith, type LockedService, lockServices } from './service-store.ts'

/** The next period of a service: the line that bills it, whose key and item are the service's id. */
export interface Renewal {
  readonly service: LockedService
  readonly line: CartLine
  readonly period: Period
  /** A change that waited for it is in it. */
  readonly changes: boolean
}

/** Locks services of an account, and gives the next period of each that can be renewed now. */
export async function renewalsOf(
  { config }: Pick<App, 'config'>,
  tx: Tx,
  accountId: string,
  serviceIds: readonly string[],
): Promise<Renewal[]> {
  const services = await lockServices(tx, accountId, serviceIds)
  const changes = await openChanges(tx, accountId, serviceIds)
  return services.flatMap(service => {
    const change = changes.find(each => each.serviceId === service.id)
    return renewalOf(service, change, config.timeZone) ?? []
  })
}

/**
 * The next period of a service, at the price it was sold for and with the discount it has for good. A change that waits
 * for the renewal is in it. While one that was to be applied at once is not paid, there is no next period: it would be
 * billed at a price that is about to change.
 */
function renewalOf(service: LockedService, change: Change | undefined, timeZone: string): Renewal | undefined {
  const { id, name, invoicedUntil } = service
  if (!isRenewable(service) || invoicedUntil === null || change?.apply === 'now') return undefined
  const terms = termsAfter(service, change)
  const anchorDay = change === undefined ? service.anchorDay : anchorAfter(service, change, invoicedUntil, timeZone)
  const { hours, ...period } = billedFrom(invoicedUntil, terms.cycle, anchorDay, timeZone)
  const unitMinor = discountedAtOnce(terms.priceMinor, terms.discount, hours)
  const line: CartLine = {
    key: id,
    itemId: id,
    type: lineTypes[service.kind],
    description: lineName(terms.title, name, period, timeZone, hours),
    chosen: choicesText(terms.chosen),
    cycle: terms.cycle,
    charges: [{ label: terms.title, quantity: 1, unitMinor, setupMinor: terms.setupMinor }],
    taxed: terms.taxed,
    ...(hours && { count: hours }),
  }
  return { service, line, period, changes: change !== undefined }
}

/** The day of the month that is billed from a change on: that of its first period where none was counted from before. */
export function anchorAfter(
  { cycle, anchorDay }: Pick<LockedService, 'cycle' | 'anchorDay'>,
  change: Pick<Change, 'cycle' | 'startsAt'>,
  startsAt: Date,
  timeZone: string,
): number {
  const counts = change.cycle !== null && monthsOf(change.cycle) !== undefined && monthsOf(cycle) === undefined
  return counts ? anchorDayOf(change.startsAt ?? startsAt, timeZone) : anchorDay
}

/** Whether another period can follow at all. */
function isRenewable({ status, cycle, cancelAt }: LockedService): boolean {
  return (status === 'Active' || status === 'Suspended') && recurs(cycle) && cancelAt === null
}

const lineTypes = { product: 'Hosting', addon: 'Addon', domain: 'Domain Renew' } as const

/** What a service is and costs once its change holds. */
function termsAfter(service: LockedService, change: Change | undefined) {
  const cycle: Cycle = change?.cycle ?? service.cycle
  const discount = change === undefined ? service.discount : discountWith(service, change)
  return {
    cycle,
    chosen: change === undefined || change.config === null ? service.chosen : change.chosen,
    title: change?.title ?? service.title,
    taxed: change?.taxed ?? service.taxed,
    // One that an earlier renewal was billed with has its setup there.
    setupMinor: change?.state === 'queued' ? change.setupMinor : 0n,
    priceMinor: change?.priceMinor ?? service.priceMinor,
    discount,
  }
}
