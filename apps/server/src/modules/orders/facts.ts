import type { Minor, TaxTreatment } from '@innkeeper/money'
import type { SignedInContext } from '../../context.ts'
import type { Queryable } from '../../db/database.ts'
import { Refusal } from '../../refusal.ts'
import { creditOf } from '../billing/index.ts'
import { findPromo, loadOffers, type Offers, type PromoCode } from '../catalog/index.ts'
import { type PaymentMethod, paymentMethodFor } from '../payment-methods/index.ts'
import { taxTreatment } from '../tax/index.ts'
import { type AccountFacts, accountFactsOf } from './facts-store.ts'
import type { Today } from './first-period.ts'
import { hostNameOf } from './host-name.ts'
import type { OrderLine, SentLine } from './order-line.ts'

/** What is to be bought, and how it is paid. */
export interface CartRequest {
  readonly lines: readonly SentLine[]
  readonly promoCode?: string | undefined
  /** Undefined: the account's own, or the first of the shop. */
  readonly paymentMethodId?: string | undefined
}

/** All that the price of a cart depends on besides its lines. */
export interface Facts extends Today {
  readonly account: AccountFacts
  /** What the account has to spend. */
  readonly creditMinor: Minor
  readonly offers: Offers
  readonly tax: TaxTreatment
  readonly method: PaymentMethod | undefined
  readonly promo: PromoCode | undefined
  /** What is wrong with the request besides its lines: the way to pay, or a code that nobody has. */
  readonly wrong: readonly Refusal[]
}

/** Looks everything up, in six queries however many lines there are. */
export async function loadFacts(ctx: SignedInContext, db: Queryable, request: CartRequest): Promise<Facts> {
  const { accountId } = ctx.identity
  const lines = request.lines.flatMap(({ line }) => (line instanceof Refusal ? [] : [line]))
  const account = await accountFactsOf(db, accountId, {
    names: lines.flatMap(namesOf),
    ids: lines.flatMap(line => (line.kind === 'renew' ? [line.domainId] : [])),
    maxOpenOrders: ctx.config.billing.maxOpenOrders,
  })
  const { currency } = account
  const renewed = account.ownDomains.map(domain => domain.tldId)
  const wanted = {
    productIds: lines.flatMap(line => (line.kind === 'product' ? [line.productId] : [])),
    tldIds: [...renewed, ...lines.flatMap(line => ('tldId' in line ? [line.tldId] : []))],
  }
  const code = request.promoCode?.trim() ?? ''
  const wrong: Refusal[] = []
  const [offers, tax, method, promo, creditMinor] = await Promise.all([
    loadOffers(db, wanted, currency),
    taxTreatment(ctx, db, accountId),
    paymentMethodFor(ctx, db, { id: request.paymentMethodId, accountId, currency }).catch((error: unknown) => {
      if (!(error instanceof Refusal)) throw error
      wrong.push(error)
      return undefined
    }),
    code === '' ? undefined : findPromo(db, code, accountId),
    creditOf(db, accountId, currency),
  ])
  if (code !== '' && promo === undefined) wrong.push(noSuchPromo())
  const { timeZone } = ctx.config
  return { account, creditMinor, offers, tax, method, promo, wrong, now: ctx.business.now(), timeZone }
}

/** The names of new domains in a cart, as the table has them. */
export function newNames(lines: readonly SentLine[]): string[] {
  return lines.flatMap(({ line }) => (line instanceof Refusal ? [] : namesOf(line)))
}

function namesOf(line: OrderLine): string[] {
  if (line.kind !== 'register' && line.kind !== 'transfer') return []
  const name = hostNameOf(line.name)
  return name === undefined ? [] : [name]
}

/** Whatever the reason: who tries codes out learns nothing. */
export function noSuchPromo(): Refusal {
  return new Refusal('coupon_not_exist', { fields: { promocode: ['coupon_not_exist'] } })
}
