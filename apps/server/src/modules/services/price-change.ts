import {
  type CartLine,
  type Charge,
  type Cycle,
  least,
  type Minor,
  type PaymentFee,
  type PricedCart,
  priceCart,
  sum,
  type TaxTreatment,
} from '@innkeeper/money'
import type { App } from '../../context.ts'
import type { Queryable } from '../../db/database.ts'
import { type Funding, fundingOf } from './funding-store.ts'
import { lineName } from './line-name.ts'
import { type LivePeriod, livePeriods } from './period-store.ts'
import { discounted, discountedAtOnce } from './price.ts'
import { type Cut, changeStart, cutPeriods, unusedOf } from './proration.ts'
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
  readonly cut: Cut
  readonly live: readonly LivePeriod[]
  readonly funding: readonly Funding[]
  /** Of one period from then on, after discounts. */
  readonly periodMinor: Minor
  /** Net: what the rest of the periods costs now, and what was paid for it before. */
  readonly chargeMinor: Minor
  readonly setupMinor: Minor
  readonly feeMinor: Minor
  readonly creditMinor: Minor
  /** Net: what would be credited besides, had nothing of what was paid been given back. */
  readonly lackingMinor: Minor
  /** Net: what of the credit is more than what is charged, and is given back. */
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
 * What a change costs if it is applied today. Of what was paid, no more is credited than the invoices still hold, nor
 * more than was paid for the days that are left; setup fees do not come back. `itsInvoiceId`: what the change itself was
 * billed with, which nothing was paid by before.
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
  const now = business.now()
  const changed = { ...service, newCycle: to.cycle }
  const from = changeStart(changed, now, timeZone)
  const all = await livePeriods(db, service.accountId, service.id, from)
  // What is not paid yet stays as it is.
  const live = all.filter(period => period.invoiceStatus === null || settled.has(period.invoiceStatus))
  const funding = await fundingOf(db, service.accountId, service.id, from)
  const cut = cutPeriods({ ...changed, periods: live }, now, timeZone)
  const { creditMinor, lackingMinor } = creditFor(
    live,
    funding.filter(each => each.invoiceId !== itsInvoiceId),
    period => unusedOf(period, changed, now, timeZone),
  )
  const periodMinor = discounted(to.priceMinor, discountWith(service, to))
  const line = lineOf(service, to, periodMinor, cut, timeZone)
  const currency = { code: service.currency, exponent: service.exponent }
  const priced = priceCart({ currency, lines: [{ ...line, creditMinor }], tax, ...(fee && { fee }) })
  // Where prices hold the tax, it is shared out over lines that may cancel each other out; what the charge itself is
  // without tax, a document of it alone tells.
  const alone = priceCart({ currency, lines: [line], tax })
  const netOf = (role: string) => sum(alone.lines.filter(each => each.role === role).map(each => each.netMinor))
  const amountOf = (role: string) => sum(priced.lines.filter(each => each.role === role).map(each => each.amountMinor))
  const chargeMinor = netOf('item')
  // Where the credit takes all of the charge, some of it may be left over.
  const covered = amountOf('item') + amountOf('credit') === 0n
  const excessMinor = covered && creditMinor > chargeMinor ? creditMinor - chargeMinor : 0n
  const feeMinor = sum(priced.lines.filter(each => each.role === 'fee').map(each => each.netMinor))
  const setupMinor = netOf('setup')
  const net = { chargeMinor, setupMinor, feeMinor, creditMinor, lackingMinor, excessMinor }
  return { cut, live, funding, periodMinor, ...net, priced }
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

function lineOf(service: LockedService, to: NewPrice, periodMinor: Minor, cut: Cut, timeZone: string): CartLine {
  const [first] = cut.replacing
  const endsAt = cut.replacing.at(-1)?.endsAt
  const period = first === undefined || endsAt === undefined ? undefined : { startsAt: first.startsAt, endsAt }
  const hours = to.cycle === 'h' ? cut.part : undefined
  const unitMinor =
    hours === undefined ? periodMinor : discountedAtOnce(to.priceMinor, discountWith(service, to), hours)
  const charge: Charge = { label: to.title, quantity: 1, unitMinor, setupMinor: to.setupMinor }
  return {
    key: service.id,
    itemId: service.id,
    type: 'Upgrade',
    description: lineName(`Change to ${to.title}`, service.name, period, timeZone, hours),
    ...(to.chosen === undefined ? {} : { chosen: to.chosen }),
    cycle: to.cycle,
    charges: [charge],
    ...(hours === undefined ? { part: cut.part } : { count: hours }),
    taxed: to.taxed,
  }
}
