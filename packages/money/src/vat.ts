import { stateCode } from './states.ts'
import type { TaxRate, TaxTreatment } from './tax.ts'
import { type Address, euVatNumber, type TaxPlace, taxPlace } from './vat-places.ts'

/** A rate as it is kept: of a country, or of one state of it. */
export interface PlacedRate extends TaxRate {
  readonly country: string
  /** Empty: the whole country. */
  readonly state: string
}

/** What somebody who knows taxation says of a VAT number: `unknown` is not `valid`. */
export type VatNumberState = 'valid' | 'invalid' | 'unknown'

/** All that decides how a sale is taxed. */
export interface VatFacts {
  /** `vatNumber` empty: not registered for any tax. */
  readonly seller: Address & { readonly vatNumber: string }
  readonly buyer: Address & {
    readonly vatNumber: string
    readonly vatState: VatNumberState
    /** An operator decided that this customer pays no tax. */
    readonly exempt: boolean
  }
  /** Below the threshold of article 59c: consumers in other states pay the seller's own rate. */
  readonly smallEuSeller: boolean
  /** Prices hold the tax already. */
  readonly inclusive: boolean
  /** The rates of both countries and of their states that have begun, the oldest first: the last of a place holds. */
  readonly rates: readonly PlacedRate[]
}

/** Words of documents on which no tax is charged. */
export const untaxedReasons = {
  exempt: 'Exempt from tax',
  unregistered: 'Not subject to tax',
  reverseCharge: 'Reverse charge',
  outside: 'Services outside the scope of EU VAT',
} as const

/**
 * How a sale of services is taxed, by the rules of the EU (Directive 2006/112/EC, articles 44, 58, 59c and 196), and
 * elsewhere by the rates that the seller keeps for the buyer's place. When in doubt there is tax: a number that nobody
 * confirmed frees nobody, and a buyer without a country is one at home.
 */
export function vatTreatment(facts: VatFacts): TaxTreatment {
  const { seller, buyer } = facts
  const home = taxPlace(seller)
  const there = buyer.country === '' ? home : taxPlace(buyer)
  const untaxed = (category: TaxTreatment['category'], reason: string): TaxTreatment => ({
    inclusive: facts.inclusive,
    rates: [],
    category,
    reason,
  })
  if (seller.vatNumber === '') return untaxed('O', untaxedReasons.unregistered)
  if (buyer.exempt) return untaxed('E', untaxedReasons.exempt)
  const taxed = (places: readonly TaxPlace[]) => withRates(facts, places) ?? untaxed('Z', '')
  if (!there.inEu || !home.inEu) {
    const charged = withRates(facts, [there])
    if (there.inEu && isBusiness(facts)) return untaxed('AE', untaxedReasons.reverseCharge)
    // An EU seller with rates for a place outside is registered there.
    return charged ?? untaxed('O', home.inEu ? untaxedReasons.outside : untaxedReasons.unregistered)
  }
  if (there.country === home.country) return taxed([there])
  if (isBusiness(facts)) {
    // With a number of the seller's own country, the buyer acts from an establishment there.
    if (euVatNumber(buyer.vatNumber)?.country === home.country) return taxed([home])
    return untaxed('AE', untaxedReasons.reverseCharge)
  }
  return taxed(facts.smallEuSeller ? [home] : [there, home])
}

/** A number that is confirmed says that its holder is a business (Implementing Regulation 282/2011, article 18). */
function isBusiness({ buyer }: VatFacts): boolean {
  return buyer.vatState === 'valid' && euVatNumber(buyer.vatNumber) !== undefined
}

/** The rates of the first of the places that has any; undefined if none has. */
function withRates({ inclusive, rates }: VatFacts, places: readonly TaxPlace[]): TaxTreatment | undefined {
  for (const place of places) {
    const found = ratesAt(rates, place)
    if (found.length > 0) return { inclusive, rates: found, category: 'S', reason: '' }
  }
  return undefined
}

/** At each level the rate of the state, or else that of the country; one of 0 ends a tax. */
function ratesAt(rates: readonly PlacedRate[], { country, state, apart }: TaxPlace): TaxRate[] {
  const ofCountry = rates.filter(rate => rate.country === country)
  return ([1, 2] as const).flatMap(level => {
    const ofLevel = ofCountry.filter(rate => rate.level === level)
    const ofState = state === '' ? undefined : ofLevel.findLast(rate => sameName(stateCode(country, rate.state), state))
    const rate = ofState ?? (apart ? undefined : ofLevel.findLast(one => one.state === ''))
    return rate === undefined || rate.percent === 0 ? [] : [{ level, name: rate.name, percent: rate.percent }]
  })
}

function sameName(a: string, b: string): boolean {
  return a.trim().toLowerCase() === b.trim().toLowerCase()
}
