import { Type } from 'typebox'
import { InCountry } from '../countries.ts'
import { Id, InText } from '../wire.ts'

/** What is known of a person or company, as the documents name the fields. Everything but the e-mail may be empty. */
export const PersonFields = {
  firstname: Type.String(),
  lastname: Type.String(),
  companyname: Type.String(),
  address1: Type.String(),
  address2: Type.String(),
  city: Type.String(),
  state: Type.String(),
  postcode: Type.String(),
  country: Type.String({ description: 'ISO 3166-1 alpha-2' }),
  phonenumber: Type.String(),
}

/** The same as a client sends it; absent fields stay as they are. */
export const InPerson = {
  firstname: Type.Optional(InText()),
  lastname: Type.Optional(InText()),
  phonenumber: Type.Optional(InText(40)),
  vateu: Type.Optional(InText(20, 'EU VAT id')),
  email: Type.Optional(InText(254)),
  address1: Type.Optional(InText()),
  companyname: Type.Optional(InText()),
  address2: Type.Optional(InText()),
  city: Type.Optional(InText()),
  state: Type.Optional(InText()),
  postcode: Type.Optional(InText(20)),
  country: Type.Optional(InCountry),
  type: Type.Optional(InText(20, 'Private or Company')),
  mobilephone: Type.Optional(InText(40)),
  pushoveruserkey: Type.Optional(InText(64)),
}

/** What clients send beside a person who can sign in: the second factor (TOTP, RFC 6238). */
export const InSignIn = {
  multicheck: Type.Optional(InText(255, 'Taken and ignored')),
  '2faenable': Type.Optional(InText(10, 'on or off: the second factor (TOTP)')),
  '2fasecret': Type.Optional(InText(128, 'Base32 secret of the second factor; sent together with 2faenable')),
}

/** An example person, with values of our own. */
export const exampleAddress = {
  firstname: 'Ada',
  lastname: 'Byron',
  companyname: '',
  address1: 'Harbour Street 5',
  address2: '',
  city: 'Tallinn',
  state: 'Harju',
  postcode: '10111',
  country: 'EE',
  phonenumber: '+372.5550100',
}

/** The account with its owner's particulars. */
export const Client = Type.Object({
  id: Id,
  email: Type.String(),
  lastlogin: Type.String(),
  ip: Type.String({ description: 'Where the last sign-in came from' }),
  host: Type.String(),
  ...PersonFields,
})

/** An example of {@link Client}. */
export const exampleClient = {
  id: '7',
  email: 'ada@example.com',
  lastlogin: '2026-10-30 09:24:28',
  ip: '192.0.2.10',
  host: 'office.example.net',
  ...exampleAddress,
}
