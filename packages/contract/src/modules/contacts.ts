import { Type } from 'typebox'
import { needs, op, signedIn } from '../op.ts'
import { DateTime, Flag, Id, Info, InId, InText, InTree, Page, paging } from '../wire.ts'
import { exampleAddress, InPerson, InSignIn, PersonFields } from './person.ts'

/**
 * The privilege tree: areas with lists of keys; `services` and `domains` hold lists by id, and `full: 1` for all of them.
 * Clients send it as JSON or as PHP brackets (`privileges[billing][]=orders`, `privileges[services][332][]=basic`).
 */
export const Privileges = Type.Object({
  billing: Type.Optional(Type.Array(Type.String())),
  support: Type.Optional(Type.Array(Type.String())),
  misc: Type.Optional(Type.Array(Type.String())),
  services: Type.Optional(Type.Record(Type.String(), Type.Union([Type.Integer(), Type.Array(Type.String())]))),
  domains: Type.Optional(Type.Record(Type.String(), Type.Union([Type.Integer(), Type.Array(Type.String())]))),
})

const aboutPrivileges =
  'Lists of privileges by area; below services and domains by id, or `full: 1` for all of them. See GET /contact/privileges.'
/** The tree as it is sent. */
const InPrivileges = InTree(aboutPrivileges)
/** Where null does not count as a field that was not sent: it means no privilege. */
export const InPrivilegesOrNull = Type.Union([Type.Unknown(), Type.Null()], { description: aboutPrivileges })

/** Other people of the account. */
export const contacts = {
  listContacts: op({
    id: 'contacts.listContacts',
    method: 'GET',
    path: '/contact',
    summary: 'Contacts of your account',
    input: paging,
    reply: Type.Object({
      contacts: Type.Array(
        Type.Object({
          email: Type.String(),
          id: Id,
          firstname: Type.String(),
          lastname: Type.String(),
          companyname: Type.String(),
          company: Flag,
          lastlogin: DateTime,
        }),
      ),
      page: Type.Optional(Page),
    }),
    access: needs('misc', 'manageprofiles'),
    examples: [
      {
        reply: {
          contacts: [
            {
              email: 'grace@example.com',
              id: '49',
              firstname: 'Grace',
              lastname: 'Murray',
              companyname: '',
              company: '0',
              lastlogin: '0000-00-00 00:00:00',
            },
          ],
        },
      },
    ],
    documents: 'PD',
  }),
  createContact: op({
    id: 'contacts.createContact',
    method: 'POST',
    path: '/contact',
    summary: 'Add a contact',
    description: 'With a `password` the contact can sign in as itself. Nobody grants more privileges than they have.',
    input: {
      ...InPerson,
      ...InSignIn,
      email: InText(254),
      password: Type.Optional(InText(1024)),
      privileges: Type.Optional(InPrivileges),
    },
    reply: Type.Object({ contact_id: Id, info: Info }),
    access: needs('misc', 'manageprofiles'),
    errors: ['useralreadyexistsemail_error', 'passistooshort', 'privileges_exceeded'],
    examples: [
      {
        request: {
          email: 'grace@example.com',
          firstname: 'Grace',
          lastname: 'Murray',
          password: 'a long password',
          privileges: { support: ['tickets', 'newticket'], services: { '332': ['basic'] } },
        },
        reply: { contact_id: '49', info: ['profile_added'] },
      },
    ],
    documents: 'P',
  }),
  listPrivileges: op({
    id: 'contacts.listPrivileges',
    method: 'GET',
    path: '/contact/privileges',
    summary: 'Privileges you can grant',
    description: 'The privileges of whoever is signed in: the most that can be granted to a contact or a token.',
    reply: Type.Object({ privileges: Privileges }),
    access: signedIn,
    examples: [
      {
        reply: {
          privileges: {
            billing: ['emails', 'payinvoice', 'orders', 'balance', 'addfunds', 'creditcard'],
            support: ['newticket', 'tickets', 'closeticket', 'emails'],
            misc: ['editmain', 'emails', 'editipaccess', 'manageprofiles', 'affiliates'],
            services: {
              full: 1,
              '332': ['basic', 'billing', 'cancelation', 'upgrade', 'notify', 'logindetails', 'dns'],
            },
            domains: { full: 1, '523': ['basic', 'renew', 'notify', 'contactinfo', 'nameservers'] },
          },
        },
      },
    ],
    documents: 'PD',
  }),
  getContact: op({
    id: 'contacts.getContact',
    method: 'GET',
    path: '/contact/{id}',
    summary: 'A contact',
    input: { id: InId },
    reply: Type.Object({
      contact: Type.Object({
        id: Id,
        email: Type.String(),
        ...PersonFields,
        type: Type.String(),
        privileges: Privileges,
      }),
    }),
    access: needs('misc', 'manageprofiles'),
    errors: ['not_found'],
    examples: [
      {
        request: { id: '49' },
        reply: {
          contact: {
            id: '49',
            email: 'grace@example.com',
            ...exampleAddress,
            type: 'Private',
            privileges: { support: ['tickets', 'newticket'] },
          },
        },
      },
    ],
    documents: 'PD',
  }),
  updateContact: op({
    id: 'contacts.updateContact',
    method: 'PUT',
    path: '/contact/{id}',
    summary: 'Change a contact',
    description: 'Changes the fields that are sent. `privileges` replaces the whole tree.',
    input: {
      id: InId,
      ...InPerson,
      ...InSignIn,
      password: Type.Optional(InText(1024)),
      privileges: Type.Optional(InPrivileges),
    },
    reply: Type.Object({ info: Info }),
    access: needs('misc', 'manageprofiles'),
    errors: ['not_found', 'useralreadyexistsemail_error', 'passistooshort', 'privileges_exceeded'],
    examples: [{ request: { id: '49', city: 'Tartu' }, reply: { info: ['profile_updated'] } }],
    documents: 'P',
  }),
}
