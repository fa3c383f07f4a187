import {
  type CartLine,
  type Charge,
  type Cycle,
  least,
  type Minor,
  type PaymentFee,
  type Period,
  type PricedCart,
  priceCart,
  sum,
  type TaxTreatment,
} from '@innkeeper/money'
import type { App } from '../../context.ts'
import type { Queryable } from '../../db/database.ts'
import { type Funding, fundingOf } from './funding-store.ts'
import { type FundingPart, partsOf } from './give-back.ts'
import { lineName } from './line-name.ts'
import { isSameTax, lineTreatment } from './line-tax.ts'
import { type LivePeriod, livePeriods } from './live-period-store.ts'
import { discounted, discountedAtOnce } from './price.ts'
import { type Cut, type Cuttable, cutPeriods, isPaidDearer, presentOf, unusedOf } from './proration.ts'
import { discountWith, type LockedService } from './service-store.ts'

/** What a service is to become, as far as its price goes. */
export interface NewPrice {
  readonly productId: string | null
  readonly title: string
  /** What is chosen about it, as documents say it. */
  readonly chosen?: string
  readonly taxed: boolean
  readonly cycle: Cycle
  /** Of one period, before discounts. */
  readonly priceMinor: Minor
  /** Once, for what is new. */
  readonly setupMinor: Minor
}

/** What a change costs today. */
export interface PricedChange {
  /** The day, or the hour, that it was reckoned in. */
  readonly present: Period
  readonly cut: Cut
  readonly live: readonly LivePeriod[]
  /** What gives back first stands first. */
  readonly funding: readonly Funding[]
  /** Of one period from then on, after discounts. */
  readonly periodMinor: Minor
  /** Net: what the rest of the periods costs now, and what was paid for it before. */
  readonly chargeMinor: Minor
  readonly setupMinor: Minor
  readonly feeMinor: Minor
  readonly creditMinor: Minor
  /** Net: what of the credit was taxed otherwise. It is given back with its own tax, and nothing is paid by it. */
  readonly apartMinor: Minor
  /** Net: what would be credited besides, had nothing of what was paid been given back. */
  readonly lackingMinor: Minor
  /** Net: what of the credit is more than what is charged, or is taxed otherwise, and is given back. */
  readonly excessMinor: Minor
  readonly priced: PricedCart
}

/** What comes on top of prices: the fee of how it is paid where something is to be paid. */
export interface Bearing {
  readonly tax: TaxTreatment
  readonly fee?: PaymentFee | undefined
}

const settled: ReadonlySet<string> = new Set(['Paid', 'Refunded'])

/**
 * What a change costs if it is applied today. It begins with today, or with tomorrow where today was paid for at more. Of
 * what was paid, no more is credited than the invoices still hold, nor more than was paid for the days that are left;
 * setup fees do not come back. What was taxed otherwise than this is goes back apart: taken off the charge, it would take
 * its tax with it. `itsInvoiceId`: what the change itself was billed with, which nothing was paid by before.
 */
export async function priceChange(
  { config, business }: Pick<App, 'config' | 'business'>,
  db: Queryable,
  service: LockedService,
  to: NewPrice,
  { tax, fee }: Bearing,
  itsInvoiceId: string | null = null,
): Promise<PricedChange> {
  const { timeZone } = config
  const { accountId, id } = service
  const changed = { ...service, newCycle: to.cycle }
  const present = presentOf(changed, business.now(), timeZone)
  const all = await livePeriods(db, accountId, id, present.startsAt)
  // What is not paid yet stays as it is.
  const live = all.filter(period => period.invoiceStatus === null || settled.has(period.invoiceStatus))
  const held = await fundingOf(db, accountId, id, present.startsAt)
  const before = held.filter(each => each.invoiceId !== itsInvoiceId)
  const { cut, line, chargeMinor, setupMinor } = charge({ ...changed, periods: live }, to, present, tax, timeZone)
  const { creditMinor, lackingMinor } = creditFor(live, before, period => unusedOf(period, changed, cut.from, timeZone))
  const treatment = lineTreatment(tax, to.taxed)
  const apart = partsOf(before, creditMinor).filter(each => !isSameTax(each.tax, treatment))
  const apartMinor = sum(apart.map(each => each.partMinor))
  const nettedMinor = creditMinor - apartMinor
  const currency = { code: service.currency, exponent: service.exponent }
  const priced = priceCart({ currency, lines: [{ ...line, creditMinor: nettedMinor }], tax, ...(fee && { fee }) })
  const amountOf = (role: string) => sum(priced.lines.filter(each => each.role === role).map(each => each.amountMinor))
  // Where the credit takes all of the charge, some of it may be left over.
  const covered = amountOf('item') + amountOf('credit') === 0n
  const excessMinor = apartMinor + (covered && nettedMinor > chargeMinor ? nettedMinor - chargeMinor : 0n)
  const feeMinor = sum(priced.lines.filter(each => each.role === 'fee').map(each => each.netMinor))
  const net = { chargeMinor, setupMinor, feeMinor, creditMinor, apartMinor, lackingMinor, excessMinor }
  const periodMinor = discounted(to.priceMinor, discountWith(service, to))
  return { present, cut, live, funding: inFront(apart, held), periodMinor, ...net, priced }
}

/** What is charged for a change, net and without what is credited: from today on, or from tomorrow. */
function charge(
  service: LockedService & Cuttable,
  to: NewPrice,
  present: Period,
  tax: TaxTreatment,
  timeZone: string,
): { readonly cut: Cut; readonly line: CartLine; readonly chargeMinor: Minor; readonly setupMinor: Minor } {
  const currency = { code: service.currency, exponent: service.exponent }
  const from = (moment: Date) => {
    const cut = cutPeriods(service, moment, timeZone)
    const line = lineOf(service, to, cut, timeZone)
    // Where prices hold the tax, it is shared out over lines that may cancel each other out; what the charge itself is
    // without tax, a document of it alone tells.
    const alone = priceCart({ currency, lines: [line], tax })
    const netOf = (role: string) => sum(alone.lines.filter(each => each.role === role).map(each => each.netMinor))
    return { cut, line, chargeMinor: netOf('item'), setupMinor: netOf('setup') }
  }
  const atOnce = from(present.startsAt)
  return isPaidDearer(service, atOnce.cut, atOnce.chargeMinor, timeZone) ? from(present.endsAt) : atOnce
}

/** What is credited for periods, and what more it would be had nothing of what was paid for them been given back. */
function creditFor(
  periods: readonly LivePeriod[],
  funding: readonly Funding[],
  unusedOf: (period: LivePeriod) => Minor,
): Pick<PricedChange, 'creditMinor' | 'lackingMinor'> {
  const held = (list: readonly Funding[]) => sum(list.map(each => each.availableMinor))
  const unused = periods.map(unusedOf)
  const paid = periods.map(({ id }, index) =>
    least(unused[index] ?? 0n, held(funding.filter(each => each.periodIds.includes(id)))),
  )
  const creditMinor = least(sum(paid), held(funding))
  return { creditMinor, lackingMinor: sum(unused) - creditMinor }
}

/** The same money, first what goes back apart. */
function inFront(apart: readonly FundingPart[], held: readonly Funding[]): readonly Funding[] {
  const apartOf = ({ lineId }: Funding) => apart.find(each => each.lineId === lineId)?.partMinor ?? 0n
  return [
    ...apart.map(each => ({ ...each, availableMinor: each.partMinor })),
    ...held.map(each => ({ ...each, availableMinor: each.availableMinor - apartOf(each) })),
  ].filter(each => each.availableMinor > 0n)
}

function lineOf(service: LockedService, to: NewPrice, cut: Cut, timeZone: string): CartLine {
  const [first] = cut.replacing
  const endsAt = cut.replacing.at(-1)?.endsAt
  const period = first === undefined || endsAt === undefined ? undefined : { startsAt: first.startsAt, endsAt }
  const hours = to.cycle === 'h' ? cut.part : undefined
  const unitMinor = discountedAtOnce(to.priceMinor, discountWith(service, to), hours)
  const charge: Charge = { label: to.title, quantity: 1, unitMinor, setupMinor: to.setupMinor }
  return {
    key: service.id,
    itemId: service.id,
    type: 'Upgrade',
    description: lineName(`Change to ${to.title}`, service.name, period, timeZone, hours),
    creditOf: lineName(service.title, service.name, undefined, timeZone),
    ...(to.chosen === undefined ? {} : { chosen: to.chosen }),
    cycle: to.cycle,
    charges: [charge],
    ...(hours === undefined ? { part: cut.part } : { count: hours }),
    taxed: to.taxed,
  }
}
