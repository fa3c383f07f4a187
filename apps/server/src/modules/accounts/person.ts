import { countryCodes } from '@innkeeper/contract'
import { badField, type Refusal } from '../../refusal.ts'

/** The fields of a person as the documents name them; what a client sends is checked by {@link readPerson}. */
export interface Person {
  readonly firstname: string
  readonly lastname: string
  readonly companyname: string
  readonly address1: string
  readonly address2: string
  readonly city: string
  readonly state: string
  readonly postcode: string
  readonly country: string
  readonly phonenumber: string
  readonly mobilephone: string
  readonly pushoveruserkey: string
  readonly vateu: string
  readonly type: 'Private' | 'Company'
}
export type PersonChange = Partial<Person>

/** What clients send of a person, before it is checked. */
export type SentPerson = { readonly [K in keyof Person]?: string | undefined }

/** All that is known of a person, by the names of the API. */
export const personFields = [
  'firstname',
  'lastname',
  'companyname',
  'address1',
  'address2',
  'city',
  'state',
  'postcode',
  'country',
  'phonenumber',
  'mobilephone',
  'pushoveruserkey',
  'vateu',
  'type',
] as const satisfies readonly (keyof Person)[]

// Control characters have no place in a name or address, and could break mails and documents apart.
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const controlCharacters = /[\u0000-\u001f\u007f]/

/**
 * The fields that were sent, trimmed and checked; the others are absent. Of somebody who is known already, the country may
 * stay what it is: it may have been written down before there was a list.
 */
export function readPerson(sent: SentPerson, known?: Pick<Person, 'country'>): PersonChange {
  const change: Record<string, string> = {}
  for (const name of personFields) {
    const text = sent[name]?.trim()
    if (text === undefined) continue
    if (controlCharacters.test(text)) throw formatError(name)
    change[name] = text
  }
  if (change.country !== undefined) change.country = readCountry(change.country, known?.country)
  if (change.type !== undefined) change.type = readType(change.type)
  if (change.vateu !== undefined) change.vateu = readVatId(change.vateu)
  if (change.phonenumber !== undefined) readPhone('phonenumber', change.phonenumber)
  if (change.mobilephone !== undefined) readPhone('mobilephone', change.mobilephone)
  return change as PersonChange // built from the names of Person, type checked above
}

/** An address that mail can be sent to, in lower case: it is a user name too. */
export function readEmail(sent: string): string {
  const email = sent.trim().toLowerCase()
  // RFC 5321 limits; the shape of an address that the mail world really uses, not all of RFC 5322.
  const shape = /^[^\s@<>()[\]\\,;:"]{1,64}@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}$/
  if (email.length > 254 || !shape.test(email) || controlCharacters.test(email)) throw formatError('email')
  return email
}

function readCountry(text: string, known = ''): string {
  const country = text.toUpperCase()
  if (country !== known && country !== '' && !countryCodes.has(country)) throw formatError('country')
  return country
}

function readType(text: string): string {
  const type = ['Private', 'Company'].find(known => known.toLowerCase() === text.toLowerCase())
  if (type === undefined) throw formatError('type')
  return type
}

/** EU VAT id: country prefix and 2 to 12 letters or digits. Whether it is registered, billing asks VIES. */
function readVatId(text: string): string {
  const id = text.toUpperCase().replaceAll(/[\s.-]/g, '')
  if (id !== '' && !/^[A-Z]{2}[A-Z0-9+*]{2,12}$/.test(id)) throw formatError('vateu')
  return id
}

function readPhone(field: string, text: string): void {
  if (text !== '' && !/^\+?[0-9 .()/-]{3,40}$/.test(text)) throw formatError(field)
}

function formatError(field: string): Refusal {
  return badField(field, 'field_format_error')
}
