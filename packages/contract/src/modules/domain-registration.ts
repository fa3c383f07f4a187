import { Type } from 'typebox'
import { lists, needsOn, op } from '../op.ts'
import { Day, Flag, Id, InBoolean, Info, InId, InText, Money, OneOf, Page, paging, SuccessTrue } from '../wire.ts'
import { registryErrors } from './registry.ts'

const DomainStatus = OneOf([
  'Pending',
  'Pending Registration',
  'Pending Transfer',
  'Active',
  'Expired',
  'Cancelled',
  'Fraud',
  'Transferred Out',
])
const Years = Type.String({ description: 'Years a renewal adds' })

const DomainRow = Type.Object({
  id: Id,
  name: Type.String(),
  expires: Day,
  recurring_amount: Money,
  date_created: Day,
  status: DomainStatus,
  period: Years,
  autorenew: Flag,
  daytoexpire: Type.String({ description: 'Days left, as text; negative after the end' }),
})
const DomainDetails = Type.Object({
  id: Id,
  name: Type.String(),
  date_created: Day,
  firstpayment: Money,
  recurring_amount: Money,
  period: Years,
  expires: Day,
  status: DomainStatus,
  next_due: Day,
  next_invoice: Day,
  idprotection: Flag,
  nameservers: Type.Array(Type.String()),
  autorenew: Flag,
})
/** What the registry said when it was asked last. */
const RegistryState = Type.Object({
  status: DomainStatus,
  expires: Day,
  nameservers: Type.Array(Type.String()),
  registrar_lock: Type.Boolean(),
})

const exampleDomain = {
  id: '523',
  name: 'example.com',
  date_created: '2025-04-02',
  firstpayment: '9.50',
  recurring_amount: '12.00',
  period: '1',
  expires: '2027-04-02',
  status: 'Active',
  next_due: '2027-04-02',
  next_invoice: '2027-02-16',
  idprotection: '1',
  nameservers: ['ns1.example.net', 'ns2.example.net'],
  autorenew: '1',
}

/** The domains of an account and what is switched on them. */
export const domainRegistration = {
  listDomains: op({
    id: 'domains.listDomains',
    method: 'GET',
    path: '/domain',
    summary: 'Domains',
    input: paging,
    reply: Type.Object({ domains: Type.Array(DomainRow), page: Type.Optional(Page) }),
    access: lists('domains', 'basic'),
    examples: [
      {
        reply: {
          domains: [
            {
              id: '523',
              name: 'example.com',
              expires: '2027-04-02',
              recurring_amount: '12.00',
              date_created: '2025-04-02',
              status: 'Active',
              period: '1',
              autorenew: '1',
              daytoexpire: '154',
            },
          ],
        },
      },
    ],
    documents: 'PD',
  }),
  getDomain: op({
    id: 'domains.getDomain',
    method: 'GET',
    path: '/domain/{id}',
    summary: 'A domain',
    input: { id: InId },
    reply: Type.Object({ details: DomainDetails }),
    access: needsOn('domains', 'basic', 'id'),
    errors: ['not_found'],
    examples: [{ request: { id: '523' }, reply: { details: exampleDomain } }],
    documents: 'PD',
  }),
  findDomain: op({
    id: 'domains.findDomain',
    method: 'GET',
    path: '/domain/name/{name}',
    summary: 'Domains by name',
    description: 'A list, as a name that was registered more than once is there more than once.',
    input: { name: InText(255, 'The whole name, e.g. example.com') },
    reply: Type.Object({ details: Type.Array(DomainDetails) }),
    access: lists('domains', 'basic'),
    errors: ['not_found'],
    examples: [
      {
        request: { name: 'example.com' },
        reply: {
          details: [
            exampleDomain,
            { ...exampleDomain, id: '204', date_created: '2022-01-15', expires: '2024-01-15', status: 'Expired' },
          ],
        },
      },
    ],
    documents: 'PD',
  }),
  getEppCode: op({
    id: 'domains.getEppCode',
    method: 'GET',
    path: '/domain/{id}/epp',
    summary: 'Transfer code',
    description:
      'The code with which the domain moves to another registrar. It is made anew for each request where the registry allows it.',
    input: { id: InId },
    reply: Type.Object({ success: SuccessTrue, epp_code: Type.String() }),
    access: needsOn('domains', 'epp', 'id'),
    errors: [...registryErrors, 'epp_code_error'],
    examples: [{ request: { id: '523' }, reply: { success: true, epp_code: 'k7#Tq-40wZ!pX2' } }],
    documents: 'PD',
  }),
  synchronize: op({
    id: 'domains.synchronize',
    method: 'GET',
    path: '/domain/{id}/sync',
    summary: 'Ask the registry',
    description: 'Reads the domain from the registry, keeps what it says and answers it.',
    input: { id: InId },
    reply: Type.Object({ success: SuccessTrue, details: RegistryState }),
    access: needsOn('domains', 'basic', 'id'),
    errors: registryErrors,
    examples: [
      {
        request: { id: '523' },
        reply: {
          success: true,
          details: {
            status: 'Active',
            expires: '2027-04-02',
            nameservers: ['ns1.example.net', 'ns2.example.net'],
            registrar_lock: true,
          },
        },
      },
    ],
    documents: 'PD',
  }),
  getRegistrarLock: op({
    id: 'domains.getRegistrarLock',
    method: 'GET',
    path: '/domain/{id}/reglock',
    summary: 'Transfer lock',
    description: 'A locked domain cannot be moved to another registrar.',
    input: { id: InId },
    reply: Type.Object({ success: SuccessTrue, registrar_lock: Type.Boolean() }),
    access: needsOn('domains', 'reglock', 'id'),
    errors: registryErrors,
    examples: [{ request: { id: '523' }, reply: { success: true, registrar_lock: true } }],
    documents: 'PD',
  }),
  setRegistrarLock: op({
    id: 'domains.setRegistrarLock',
    method: 'PUT',
    path: '/domain/{id}/reglock',
    summary: 'Lock or unlock transfers',
    input: { id: InId, switch: InBoolean('Whether it is to be locked') },
    reply: Type.Object({ info: Info }),
    access: needsOn('domains', 'reglock', 'id'),
    errors: registryErrors,
    examples: [{ request: { id: '523', switch: false }, reply: { success: true, info: ['success_changes_save'] } }],
    documents: 'PD',
  }),
  setIdProtection: op({
    id: 'domains.setIdProtection',
    method: 'PUT',
    path: '/domain/{id}/idprotection',
    summary: 'Hide or show the registrant',
    description: 'Turns on or off the protection that keeps the contacts out of public answers.',
    input: { id: InId, switch: InBoolean('Whether the contacts are to be hidden') },
    reply: Type.Object({}),
    access: needsOn('domains', 'idprotection', 'id'),
    errors: registryErrors,
    examples: [{ request: { id: '523', switch: true }, reply: { success: true } }],
    documents: 'PD',
  }),
  getAutorenew: op({
    id: 'domains.getAutorenew',
    method: 'GET',
    path: '/domain/{id}/autorenew',
    summary: 'Automatic renewal',
    input: { id: InId },
    reply: Type.Object({ success: SuccessTrue, autorenew: Type.Boolean() }),
    access: needsOn('domains', 'autorenew', 'id'),
    errors: ['not_found'],
    examples: [{ request: { id: '523' }, reply: { success: true, autorenew: true } }],
    documents: 'PD',
  }),
  setAutorenew: op({
    id: 'domains.setAutorenew',
    method: 'PUT',
    path: '/domain/{id}/autorenew',
    summary: 'Turn automatic renewal on or off',
    input: {
      id: InId,
      autorenew: Type.Optional(InBoolean('Whether it is to be renewed')),
      switch: Type.Optional(InBoolean('Another name of `autorenew`')),
    },
    reply: Type.Object({ info: Info }),
    access: needsOn('domains', 'autorenew', 'id'),
    errors: ['not_found', 'conflict'],
    examples: [{ request: { id: '523', autorenew: true }, reply: { success: true, info: ['success_changes_save'] } }],
    documents: 'PD',
  }),
}
