import { Type } from 'typebox'
import { op, staffWith } from '../op.ts'
import { Id, InBoolean, Info, InId, InText } from '../wire.ts'
import { Currency, DecimalAmount, InDecimal, listing, Moment, MomentOrNull, Next, TextOrNull } from './wire.ts'

const rowFields = {
  id: Id,
  status: Type.String(),
  email: Type.String(),
  firstname: Type.String(),
  lastname: Type.String(),
  companyname: Type.String(),
  country: Type.String({ description: 'ISO 3166-1 alpha-2' }),
  currency: Currency,
  created_at: Moment,
  parked_at: MomentOrNull,
  parked_reason: TextOrNull,
}
const exampleRow = {
  id: '1007',
  status: 'Active',
  email: 'grace@example.com',
  firstname: 'Grace',
  lastname: 'Hopper',
  companyname: 'Example GmbH',
  country: 'DE',
  currency: 'EUR',
  created_at: '2026-10-30T09:24:28Z',
  parked_at: null,
  parked_reason: null,
}

/** How many there are in each state. */
function Counts<const States extends readonly string[]>(states: States) {
  const counts = Object.fromEntries(states.map(state => [state, Type.Integer()]))
  return Type.Object(counts as Record<States[number], ReturnType<typeof Type.Integer>>) // made of just these
}
const Client = Type.Object({
  ...rowFields,
  address1: Type.String(),
  address2: Type.String(),
  city: Type.String(),
  state: Type.String(),
  postcode: Type.String(),
  phonenumber: Type.String(),
  vat_number: Type.String(),
  tax_exempt: Type.Boolean(),
  auto_apply_credit: Type.Boolean(),
  balance: DecimalAmount,
  credit: DecimalAmount,
  contacts: Type.Integer(),
  services: Counts(['Pending', 'Active', 'Suspended', 'Terminated', 'Cancelled', 'Fraud']),
  invoices: Counts(['Draft', 'Unpaid', 'Paid', 'Cancelled', 'Refunded', 'Collections']),
  orders: Counts(['Pending', 'Active', 'Cancelled', 'Fraud']),
})
const exampleClient = {
  ...exampleRow,
  address1: 'Hafenstrasse 7',
  address2: '',
  city: 'Hamburg',
  state: '',
  postcode: '20457',
  phonenumber: '+49 40 123456',
  vat_number: 'DE123456789',
  tax_exempt: false,
  auto_apply_credit: true,
  balance: '24.80',
  credit: '5.00',
  contacts: 2,
  services: { Pending: 0, Active: 3, Suspended: 0, Terminated: 1, Cancelled: 0, Fraud: 0 },
  invoices: { Draft: 0, Unpaid: 1, Paid: 12, Cancelled: 1, Refunded: 0, Collections: 0 },
  orders: { Pending: 0, Active: 4, Cancelled: 1, Fraud: 0 },
}

/** The accounts of customers. */
export const clients = {
  listClients: op({
    id: 'staff.clients.listClients',
    method: 'GET',
    path: '/clients',
    summary: 'Clients',
    description: '`parked=1` lists those whose money somebody has to look at.',
    input: {
      ...listing,
      search: Type.Optional(InText(200, 'Id, or a part of e-mail address, name or company')),
      status: Type.Optional(InText(20)),
      parked: Type.Optional(InBoolean()),
    },
    reply: Type.Object({ clients: Type.Array(Type.Object(rowFields)), next: Next }),
    access: staffWith('read'),
    examples: [{ request: { search: 'example' }, reply: { clients: [exampleRow], next: null } }],
  }),
  getClient: op({
    id: 'staff.clients.getClient',
    method: 'GET',
    path: '/clients/{id}',
    summary: 'A client',
    description: '`balance` is what is owed over all unpaid invoices, `credit` what can be applied to them.',
    input: { id: InId },
    reply: Type.Object({ client: Client }),
    access: staffWith('read'),
    errors: ['not_found'],
    examples: [{ request: { id: '1007' }, reply: { client: exampleClient } }],
  }),
  changeTerms: op({
    id: 'staff.clients.changeTerms',
    method: 'PUT',
    path: '/clients/{id}',
    summary: 'Change tax, currency or use of credit of a client',
    description: 'The currency can be changed as long as nothing was ordered, billed or paid in the present one.',
    input: {
      id: InId,
      tax_exempt: Type.Optional(InBoolean('No tax on invoices from now on')),
      currency: Type.Optional(Type.String({ pattern: '^[A-Z]{3}$', description: 'ISO 4217, one of the catalogue' })),
      auto_apply_credit: Type.Optional(
        InBoolean('Credit pays invoices by itself; else only those that it is applied to'),
      ),
    },
    reply: Type.Object({ client: Client }),
    access: staffWith('clients'),
    errors: ['not_found', 'conflict'],
    examples: [
      { request: { id: '1007', tax_exempt: true }, reply: { client: { ...exampleClient, tax_exempt: true } } },
    ],
  }),
  addCredit: op({
    id: 'staff.clients.addCredit',
    method: 'POST',
    path: '/clients/{id}/credit',
    summary: 'Give credit, or take it away',
    description:
      'For what nobody paid: goodwill, corrections. What the bank received is a payment. `credit` is what the client has afterwards.',
    input: {
      id: InId,
      amount: InDecimal('Decimal amount in the currency of the client, more than 0'),
      description: InText(255, 'For the books and the audit trail'),
      take: Type.Optional(InBoolean('Take it away instead; never more than there is')),
    },
    reply: Type.Object({ credit: DecimalAmount, currency: Currency, info: Info }),
    access: staffWith('invoices'),
    errors: ['not_found', 'insufficient_credit'],
    examples: [
      {
        request: { id: '1007', amount: '10.00', description: 'Sorry for the outage of 12 November' },
        reply: { credit: '15.00', currency: 'EUR', info: ['credit_added'] },
      },
      {
        request: { id: '1007', amount: '10.00', description: 'Given twice', take: true },
        reply: { credit: '5.00', currency: 'EUR', info: ['credit_taken'] },
      },
    ],
  }),
  parkClient: op({
    id: 'staff.clients.parkClient',
    method: 'POST',
    path: '/clients/{id}/park',
    summary: 'Stop billing a client',
    description: 'Nothing is billed or charged until somebody lets it go on.',
    input: { id: InId, reason: InText(255) },
    reply: Type.Object({ info: Info }),
    access: staffWith('clients'),
    errors: ['not_found', 'conflict'],
    examples: [{ request: { id: '1007', reason: 'disputed invoice' }, reply: { info: ['client_parked'] } }],
  }),
  unparkClient: op({
    id: 'staff.clients.unparkClient',
    method: 'POST',
    path: '/clients/{id}/unpark',
    summary: 'Let billing of a client go on',
    input: { id: InId },
    reply: Type.Object({ info: Info }),
    access: staffWith('clients'),
    errors: ['not_found', 'conflict'],
    examples: [{ request: { id: '1007' }, reply: { info: ['client_unparked'] } }],
  }),
}
