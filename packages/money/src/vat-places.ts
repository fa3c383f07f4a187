import { stateCode } from './states.ts'

/** Where somebody is, as addresses say it. */
export interface Address {
  /** ISO 3166-1 alpha-2; `EL` is taken for `GR`. Empty: not known. */
  readonly country: string
  /** State, province or region, as people write it. */
  readonly state: string
  readonly postcode: string
}

/** Where that is to the tax office. */
export interface TaxPlace {
  /** Where rates are looked up. */
  readonly country: string
  /** A region with rates of its own, by the name that `tax_rate.state` has; or the address's own state, by its code where it has one. */
  readonly state: string
  /** Within the VAT territory of the European Union, for services. */
  readonly inEu: boolean
  /** The country's own rates do not hold here; those of `state` do, if there are any. */
  readonly apart: boolean
}

/** The members of the EU. */
const members = new Set('AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK'.split(' '))

/** Codes that addresses have and rates do not: Greece as VIES writes it, and places that belong to another's VAT. */
export const taxCountries: Readonly<Record<string, string>> = {
  EL: 'GR',
  MC: 'FR', // Monaco: article 7 (1) of Directive 2006/112/EC
  IM: 'GB', // Isle of Man: the same; United Kingdom since it left
}

interface Territory {
  readonly country: string
  readonly postcode: RegExp
  readonly name: string
  readonly inEu: boolean
}

/**
 * Parts of members that their country's VAT does not reach (article 6 of Directive 2006/112/EC, as amended), and those with rates
 * of their own (articles 104 and 105). Those with a country code of their own (AX, GP, MQ, GF, RE, YT, BL, MF) need no
 * row for addresses that use it: the code is no member's.
 */
const territories: readonly Territory[] = [
  { country: 'ES', postcode: /^(35|38)\d{3}$/, name: 'Canary Islands', inEu: false },
  { country: 'ES', postcode: /^51\d{3}$/, name: 'Ceuta', inEu: false },
  { country: 'ES', postcode: /^52\d{3}$/, name: 'Melilla', inEu: false },
  { country: 'FI', postcode: /^22\d{3}$/, name: 'Åland', inEu: false },
  { country: 'DE', postcode: /^78266$/, name: 'Büsingen', inEu: false },
  { country: 'DE', postcode: /^27498$/, name: 'Heligoland', inEu: false },
  { country: 'IT', postcode: /^23041$/, name: 'Livigno', inEu: false },
  { country: 'IT', postcode: /^22061$/, name: 'Campione d’Italia', inEu: false },
  { country: 'GR', postcode: /^6308[67]$/, name: 'Mount Athos', inEu: false },
  { country: 'FR', postcode: /^971\d{2}$/, name: 'Guadeloupe', inEu: false },
  { country: 'FR', postcode: /^972\d{2}$/, name: 'Martinique', inEu: false },
  { country: 'FR', postcode: /^973\d{2}$/, name: 'French Guiana', inEu: false },
  { country: 'FR', postcode: /^974\d{2}$/, name: 'Réunion', inEu: false },
  { country: 'FR', postcode: /^976\d{2}$/, name: 'Mayotte', inEu: false },
  { country: 'FR', postcode: /^(975|977|978|98[4678])\d{2}$/, name: 'French overseas', inEu: false },
  { country: 'PT', postcode: /^9[5-9]\d{2}/, name: 'Azores', inEu: true },
  { country: 'PT', postcode: /^9[0-4]\d{2}/, name: 'Madeira', inEu: true },
  { country: 'AT', postcode: /^(6691|699[123])$/, name: 'Jungholz and Mittelberg', inEu: true },
]

/**
 * The place of an address. Northern Ireland is in the EU for goods only, so for services it is the United Kingdom like
 * the rest of it.
 */
export function taxPlace({ country, state, postcode }: Address): TaxPlace {
  const code = taxCountries[country] ?? country
  const inEu = members.has(code)
  const plain = postcode
    .toUpperCase()
    .replace(/^[A-Z]{1,2}-/, '')
    .replaceAll(/\s/g, '')
  const territory = country === code || country === 'EL' ? territoryOf(code, plain) : undefined
  if (territory === undefined) return { country: code, state: stateCode(code, state), inEu, apart: false }
  return { country: code, state: territory.name, inEu: territory.inEu, apart: !territory.inEu }
}

function territoryOf(country: string, postcode: string): Territory | undefined {
  return territories.find(one => one.country === country && one.postcode.test(postcode))
}

/** What VAT numbers of the EU begin with. */
export const euVatPrefixes: readonly string[] = [...members, 'EL']

/** A VAT number of the EU, taken apart. */
export interface EuVatNumber {
  /** As VIES writes it: `EL` for Greece. */
  readonly prefix: string
  /** What follows it. */
  readonly number: string
  /** Who gave it, as addresses write it: `GR`. */
  readonly country: string
}

/**
 * Undefined: no VAT number of a member. `XI` (Northern Ireland) is one for goods only, and frees nobody who buys services.
 */
export function euVatNumber(text: string): EuVatNumber | undefined {
  const plain = text.toUpperCase().replaceAll(/[\s.-]/g, '')
  const [, letters = '', number = ''] = /^([A-Z]{2})([A-Z0-9+*]{2,12})$/.exec(plain) ?? []
  const country = letters === 'EL' ? 'GR' : letters
  if (!members.has(country)) return undefined
  return { prefix: country === 'GR' ? 'EL' : country, number, country }
}
