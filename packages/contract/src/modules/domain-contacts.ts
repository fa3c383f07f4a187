import { Type } from 'typebox'
import { InCountry } from '../countries.ts'
import { needsOn, op } from '../op.ts'
import { Info, InId, InText, OneOf, SuccessTrue } from '../wire.ts'
import { exampleAddress, PersonFields } from './person.ts'
import { registryErrors } from './registry.ts'

const RoleContact = Type.Object({ ...PersonFields, email: Type.String() })
const InRoleContact = Type.Optional(
  Type.Object({
    firstname: Type.Optional(InText()),
    lastname: Type.Optional(InText()),
    companyname: Type.Optional(InText()),
    address1: Type.Optional(InText()),
    address2: Type.Optional(InText()),
    city: Type.Optional(InText()),
    state: Type.Optional(InText()),
    postcode: Type.Optional(InText(20)),
    country: Type.Optional(InCountry),
    phonenumber: Type.Optional(InText(40)),
    email: Type.Optional(InText(254)),
  }),
)

/** `from` is a mailbox name below the domain, `*` for every other one. */
const Forwarder = Type.Object({ from: Type.String(), to: Type.String() })

const exampleContact = { ...exampleAddress, email: 'ada@example.com' }

/** Who stands behind a domain, and where its letters and visitors are sent. */
export const domainContacts = {
  getContacts: op({
    id: 'domains.getContacts',
    method: 'GET',
    path: '/domain/{id}/contact',
    summary: 'Contacts of a domain',
    input: { id: InId },
    reply: Type.Object({
      success: SuccessTrue,
      contact_info: Type.Object({
        registrant: RoleContact,
        admin: RoleContact,
        tech: RoleContact,
        billing: RoleContact,
      }),
    }),
    access: needsOn('domains', 'contactinfo', 'id'),
    errors: registryErrors,
    examples: [
      {
        request: { id: '523' },
        reply: {
          success: true,
          contact_info: {
            registrant: exampleContact,
            admin: exampleContact,
            tech: { ...exampleContact, firstname: 'Grace', lastname: 'Murray', email: 'grace@example.com' },
            billing: exampleContact,
          },
        },
      },
    ],
    documents: 'PD',
  }),
  setContacts: op({
    id: 'domains.setContacts',
    method: 'PUT',
    path: '/domain/{id}/contact',
    summary: 'Change the contacts of a domain',
    description:
      'Roles and fields that are not sent stay as they are; in a form: `contact_info[registrant][city]=Tartu`. A new name, company or e-mail address of the registrant may have to be confirmed by mail first.',
    input: {
      id: InId,
      contact_info: Type.Object({
        registrant: InRoleContact,
        admin: InRoleContact,
        tech: InRoleContact,
        billing: InRoleContact,
      }),
    },
    reply: Type.Object({ info: Info }),
    access: needsOn('domains', 'contactinfo', 'id'),
    errors: registryErrors,
    examples: [
      {
        request: { id: '523', contact_info: { registrant: { address1: 'Harbour Street 7' } } },
        reply: { success: true, info: ['success_changes_save'] },
      },
    ],
    documents: 'PD',
  }),
  getEmailForwarding: op({
    id: 'domains.getEmailForwarding',
    method: 'GET',
    path: '/domain/{id}/emforwarding',
    summary: 'Mail forwarding',
    input: { id: InId },
    reply: Type.Object({ success: SuccessTrue, emforwarding: Type.Array(Forwarder) }),
    access: needsOn('domains', 'emforwarding', 'id'),
    errors: registryErrors,
    examples: [
      { request: { id: '523' }, reply: { success: true, emforwarding: [{ from: 'info', to: 'ada@example.net' }] } },
    ],
    documents: 'PD',
  }),
  setEmailForwarding: op({
    id: 'domains.setEmailForwarding',
    method: 'PUT',
    path: '/domain/{id}/emforwarding',
    summary: 'Set the mail forwarding',
    description: 'The list replaces the present one; an empty list ends all forwarding.',
    input: {
      id: InId,
      emforwarding: Type.Array(
        Type.Object({ from: InText(64, 'Mailbox name, or * for every other one'), to: InText(254, 'E-mail address') }),
        { maxItems: 200 },
      ),
    },
    reply: Type.Object({ info: Info }),
    access: needsOn('domains', 'emforwarding', 'id'),
    errors: registryErrors,
    examples: [
      {
        request: { id: '523', emforwarding: [{ from: 'info', to: 'ada@example.net' }] },
        reply: { success: true, info: ['success_changes_save'] },
      },
    ],
    documents: 'PD',
  }),
  setForwarding: op({
    id: 'domains.setForwarding',
    method: 'PUT',
    alsoMethods: ['GET'],
    path: '/domain/{id}/forwarding',
    summary: 'Forward visitors',
    description:
      'Sends visitors of the domain to `url`: by a permanent (301) or temporary (302) redirect, or inside a frame. An empty `url` ends it; without `url`, as by GET, it is only read.',
    input: {
      id: InId,
      url: Type.Optional(InText(2048, 'An absolute http or https URL')),
      type: Type.Optional(OneOf(['301', '302', 'frame'], '302 unless told')),
    },
    reply: Type.Object({
      url: Type.Optional(Type.String()),
      type: Type.Optional(OneOf(['301', '302', 'frame'])),
    }),
    access: needsOn('domains', 'forwarding', 'id'),
    errors: registryErrors,
    examples: [
      {
        request: { id: '523', url: 'https://www.example.net/', type: '301' },
        reply: { success: true, url: 'https://www.example.net/', type: '301' },
      },
    ],
    documents: 'PD',
  }),
}
