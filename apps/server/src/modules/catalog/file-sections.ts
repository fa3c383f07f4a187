import { countryCodes } from '@innkeeper/contract'
import { type Currency, cycles } from '@innkeeper/money'
import { addonProvisionerNames, paymentDriverNames, provisionerNames, registrarNames } from './driver-names.ts'
import { amountIn, byCurrency, byCycle, byYears, type Currencies, decimal, type FilePrices } from './file-prices.ts'
import {
  anyObject,
  day,
  flag,
  listOf,
  mapOf,
  needed,
  object,
  oneOf,
  optional,
  percent,
  type Read,
  readable,
  shown,
  text,
  textLike,
  whole,
} from './file-readers.ts'
import { productKinds } from './kinds.ts'

/* What may stand in a catalogue's file (docs/catalogue.md explains every key). */

const none: ReadonlyMap<string, never> = new Map<string, never>()
const keyForm = /^[a-z][a-z0-9_-]{0,62}$/
const key = textLike(keyForm, 'a key: lower-case letters, digits, - and _, a letter first')
const word = textLike(/^[a-z][a-z0-9_.-]{0,62}$/, 'a name of lower-case letters, digits, ., - and _')
function keyed<T>(read: Read<T>) {
  return mapOf(keyForm, 'a key: lower-case letters, digits, - and _, a letter first', read)
}
const title = text(200)
const longText = text(10_000)

const tldForm = /^\.[a-z0-9-]+(\.[a-z0-9-]+)*$/

const currency = object({
  decimals: needed(oneOfNumbers([0, 2, 3])),
  rate: needed(decimal(8)),
})
export const currencyForm = /^[A-Z]{3}$/
const currenciesReader = mapOf(currencyForm, 'a code of ISO 4217 like EUR', currency)

/**
 * The readers of all sections, which give what can be read; amounts are checked against the decimals of their currencies.
 */
export function sectionsReader(currencies: Currencies) {
  const ofCurrency = <T>(read: (currency: Currency) => Read<T>) => byCurrency(currencies, read)
  const prices = ofCurrency(each => byCycle(each))
  const amounts = ofCurrency(each => amountIn(each))
  const sold = { paytype: optional(oneOf(['Free', 'Once', 'Regular']), 'Regular'), taxed: optional(flag, true) }
  return readable({
    currencies: optional(currenciesReader, null),
    categories: optional(keyed(object({ name: needed(title), description: optional(longText, '') })), null),
    addons: optional(
      keyed(
        object({
          name: needed(title),
          description: optional(longText, ''),
          ...sold,
          provisioner: optional(oneOf(addonProvisionerNames), 'none'),
          provisioner_options: optional(anyObject, {}),
          prices: optional(prices, none),
        }),
      ),
      null,
    ),
    products: optional(keyed(productReader(prices)), null),
    tlds: optional(mapOf(tldForm, 'a TLD with its dot, in lower case, IDNs as A-labels', tldReader(ofCurrency)), null),
    promo_codes: optional(
      mapOf(/^[A-Z0-9][A-Z0-9_-]{1,39}$/, 'a code of 2 to 40 capital letters, digits, - and _', promoReader(amounts)),
      null,
    ),
    tax_rates: optional(listOf(taxRate), null),
    payment_methods: optional(
      keyed(
        object({
          driver: needed(oneOf(paymentDriverNames)),
          name: needed(title),
          fixed_fees: optional(amounts, none),
          percent_fee: optional(percent(0), '0'),
          currencies: optional(listOf(oneOf([...currencies.keys()])), []),
          options: optional(anyObject, {}),
        }),
      ),
      null,
    ),
  })
}
export type Sections = ReturnType<ReturnType<typeof sectionsReader>>
export type SectionName = keyof Sections

function productReader(prices: Read<FilePrices>) {
  return object({
    category: optional(key, null),
    name: needed(title),
    description: optional(longText, ''),
    kind: optional(oneOf(Object.keys(productKinds)), 'other'),
    paytype: optional(oneOf(['Free', 'Once', 'Regular', 'Metered']), 'Regular'),
    tags: optional(listOf(text(50)), []),
    stock: optional(whole(0, 1_000_000), null),
    taxed: optional(flag, true),
    host_name: optional(oneOf(['none', 'optional', 'required']), 'optional'),
    prorata_day: optional(whole(1, 31), null),
    provision_on: optional(oneOf(['order', 'payment', 'manual']), 'payment'),
    provisioner: optional(oneOf(provisionerNames), 'none'),
    provisioner_options: optional(anyObject, {}),
    features: optional(listOf(word), []),
    dns_zones: optional(whole(0, 1_000_000), null),
    prices: optional(prices, none),
    form: optional(keyed(fieldReader(prices)), none),
    addons: optional(listOf(key), []),
    subproducts: optional(listOf(key), []),
    upgrades: optional(listOf(key), []),
  })
}
export type FileProduct = NonNullable<ReturnType<ReturnType<typeof productReader>>>

function fieldReader(prices: Read<FilePrices>) {
  const item = object({
    title: needed(title),
    selected: optional(flag, false),
    prices: optional(prices, none),
  })
  return object({
    type: needed(oneOf(['select', 'radio', 'checkbox', 'qty', 'slider', 'input', 'textarea'])),
    title: needed(title),
    description: optional(longText, ''),
    required: optional(flag, false),
    minimum: optional(whole(0, 1_000_000), null),
    maximum: optional(whole(0, 1_000_000), null),
    step: optional(whole(1, 1_000_000), null),
    selected: optional(flag, null),
    enableddefault: optional(whole(0, 1), null),
    conditionals: optional(listOf(anyObject), null),
    items: optional(keyed(item), null),
    prices: optional(prices, null),
  })
}
export type FileField = NonNullable<ReturnType<ReturnType<typeof fieldReader>>>

type OfCurrency = <T>(read: (currency: Currency) => Read<T>) => Read<ReadonlyMap<string, T>>

function tldReader(ofCurrency: OfCurrency) {
  const years = (currency: Currency) => optional(byYears(currency), none)
  return object({
    category: optional(key, null),
    taxed: optional(flag, true),
    registrar: optional(oneOf(registrarNames), 'manual'),
    registrar_options: optional(anyObject, {}),
    epp_code: optional(flag, true),
    prices: needed(
      ofCurrency(each =>
        object({ register: years(each), transfer: years(each), renew: years(each), redemption: years(each) }),
      ),
    ),
  })
}

function promoReader(amounts: Read<ReadonlyMap<string, string>>) {
  const target = object({ max_uses: optional(whole(0, 1_000_000), null) })
  return object({
    percent: optional(percent(1), null),
    amounts: optional(amounts, null),
    recurring: optional(flag, false),
    setup: optional(flag, false),
    starts: optional(day, null),
    ends: optional(day, null),
    cycles: optional(listOf(oneOf(cycles)), []),
    new_clients_only: optional(flag, false),
    max_uses: optional(whole(0, 1_000_000_000), null),
    max_uses_per_account: optional(whole(0, 1_000_000), null),
    products: optional(keyed(target), none),
    addons: optional(keyed(target), none),
    tlds: optional(mapOf(tldForm, 'a TLD with its dot', target), none),
  })
}

const country: Read<string> = (value, at) =>
  typeof value === 'string' && countryCodes.has(value)
    ? value
    : at.wrong(`is ${shown(value)}, not a country of ISO 3166-1 like EE (Greece is GR)`)

const taxRate = object({
  country: needed(country),
  state: optional(text(50), ''),
  level: optional(oneOfNumbers([1, 2]), 1),
  name: needed(title),
  percent: needed(percent(0)),
  from: needed(day),
})

function oneOfNumbers<const N extends number>(values: readonly N[]): Read<N> {
  return (value, at) =>
    values.find(each => each === value) ?? at.wrong(`is ${shown(value)}, not one of ${values.join(', ')}`)
}
