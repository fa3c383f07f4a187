import { Type } from 'typebox'
import { needs, needsOn, op, signedIn } from '../op.ts'
import { Id, InId, InIdOf, InInteger, InText, InTree, Money, OneOf } from '../wire.ts'
import { exampleChoice, exampleUntouched, FormField } from './order-form.ts'
import { inAffiliate, inPayment, orderErrors, PlacedOrder, RecordedPlacedOrder } from './placed-order.ts'

/** What some years of a domain cost. */
const prices = {
  period: Type.String({ description: 'Years, as text' }),
  register: Money,
  transfer: Money,
  renew: Money,
  redemption: Type.String({ description: 'Decimal amount for getting it back after it was deleted' }),
}
const lookedUp = {
  available: Type.Boolean(),
  name: Type.String(),
  premium: Type.Boolean({ description: 'The registry asks more for this name; `periods` say how much' }),
  status: Type.Optional(Type.Literal('ok', { description: 'There when the name is free' })),
  periods: Type.Array(Type.Object({ id: Type.String({ description: 'Id of the TLD' }), ...prices })),
}

const oneYear = { period: '1', register: '9.50', transfer: '9.50', renew: '12.00', redemption: '60.00' }
const twoYears = { period: '2', register: '21.50', transfer: '21.50', renew: '24.00', redemption: '72.00' }

/** Looking for a name, ordering it, and keeping it. */
export const domainOrders = {
  lookUp: op({
    id: 'domains.lookUp',
    method: 'POST',
    path: '/domain/lookup',
    summary: 'Is a name free?',
    description:
      'Asks for one `name`, for several in `names`, or for `name` under several `tlds`; several are answered as `results`.',
    input: {
      name: Type.Optional(InText(255, 'A whole name, or with `tlds` only its first part')),
      names: Type.Optional(Type.Array(InText(255), { maxItems: 50 })),
      tlds: Type.Optional(Type.Array(InText(63), { maxItems: 50 })),
    },
    reply: Type.Union([Type.Object(lookedUp), Type.Object({ results: Type.Array(Type.Object(lookedUp)) })]),
    access: signedIn,
    errors: ['domain_format_error', 'upstream_error', 'upstream_timeout'],
    examples: [
      {
        title: 'Taken',
        request: { name: 'example.com' },
        reply: {
          available: false,
          name: 'example.com',
          premium: false,
          periods: [
            { id: '2', ...oneYear },
            { id: '2', ...twoYears },
          ],
        },
      },
      {
        title: 'Under several TLDs',
        request: { name: 'example', tlds: ['.com', '.test'] },
        reply: {
          results: [
            { available: false, name: 'example.com', premium: false, periods: [{ id: '2', ...oneYear }] },
            { available: true, name: 'example.test', premium: false, status: 'ok', periods: [{ id: '9', ...oneYear }] },
          ],
        },
      },
    ],
    documents: 'PD',
  }),
  listTlds: op({
    id: 'domains.listTlds',
    method: 'GET',
    path: '/domain/order',
    summary: 'TLDs and their prices',
    reply: Type.Object({
      tlds: Type.Array(Type.Object({ id: Id, tld: Type.String(), periods: Type.Array(Type.Object(prices)) })),
    }),
    access: signedIn,
    examples: [{ reply: { tlds: [{ id: '2', tld: '.com', periods: [oneYear, twoYears] }] } }],
    documents: 'PD',
  }),
  getOrderForm: op({
    id: 'domains.getOrderForm',
    method: 'GET',
    path: '/domain/order/{id}/form',
    summary: 'What a TLD asks for',
    description: 'Fields that an order of a domain under this TLD takes in `data`, by their names.',
    input: {
      id: InId,
      tld_id: Type.Optional(InText(20, 'The same as `id`, which some clients repeat; the path counts')),
    },
    reply: Type.Object({ forms: Type.Array(FormField) }),
    access: signedIn,
    errors: ['not_found'],
    examples: [
      {
        request: { id: '2' },
        reply: {
          forms: [
            {
              ...exampleUntouched,
              type: 'domaindnssupport',
              title: 'Name service',
              id: '71',
              firstItemId: 502,
              name: 'custom[71][502]',
              config: { enableddefault: 1 },
              items: [exampleChoice(502, '', 2)],
            },
            {
              ...exampleUntouched,
              type: 'select',
              title: 'Language of the name',
              id: '72',
              firstItemId: 510,
              name: 'custom[72]',
              config: { conditionals: [] },
              items: [exampleChoice(510, 'Estonian', 0), exampleChoice(511, 'German', 0)],
            },
          ],
        },
      },
    ],
    documents: 'PD',
  }),
  orderDomain: op({
    id: 'domains.orderDomain',
    method: 'POST',
    path: '/domain/order',
    summary: 'Register or transfer a domain',
    description:
      'Contacts are ids of `/contact`; roles that are not named take the registrant, and the registrant is you. The domain is registered once its invoice is paid.',
    input: {
      name: InText(255, 'The whole name'),
      years: InInteger(1, 10),
      action: OneOf(['register', 'transfer']),
      tld_id: InIdOf('Id of the TLD'),
      ...inPayment,
      epp: Type.Optional(InText(255, 'Transfer code; needed to transfer')),
      nameservers: Type.Optional(Type.Array(InText(255), { maxItems: 13 })),
      registrant: Type.Optional(InIdOf('Id of a contact')),
      admin: Type.Optional(InIdOf('Id of a contact')),
      tech: Type.Optional(InIdOf('Id of a contact')),
      billing: Type.Optional(InIdOf('Id of a contact')),
      data: Type.Optional(InTree('What the form of the TLD asks for, by the names of its fields')),
      ...inAffiliate,
    },
    reply: PlacedOrder,
    recorded: RecordedPlacedOrder,
    access: needs('billing', 'orders'),
    errors: [...orderErrors, 'domain_already_exist', 'domain_format_error', 'epp_code_error', 'invalid_hostname'],
    examples: [
      {
        request: {
          name: 'example.org',
          years: 1,
          action: 'register',
          tld_id: '7',
          pay_method: '6',
          nameservers: ['ns1.example.net', 'ns2.example.net'],
          registrant: '49',
        },
        reply: {
          order_num: 402993118,
          invoice_id: '5120',
          total: '11.78',
          items: { id: '524', type: 'Domain Register', name: 'example.org', product_id: '7' },
        },
      },
    ],
    documents: 'PD',
  }),
  renewDomain: op({
    id: 'domains.renewDomain',
    method: 'POST',
    path: '/domain/{id}/renew',
    summary: 'Renew a domain',
    description: 'Never further than ten years ahead. Renewed at the registry once its invoice is paid.',
    input: { id: InId, years: InInteger(1, 10), ...inPayment },
    reply: PlacedOrder,
    recorded: RecordedPlacedOrder,
    access: needsOn('domains', 'renew', 'id'),
    errors: [...orderErrors, 'renewnotavailable'],
    examples: [
      {
        request: { id: '523', years: 1, pay_method: '6' },
        reply: {
          order_num: 402993119,
          invoice_id: '5121',
          total: '14.88',
          items: { id: '523', type: 'Domain Renew', name: 'example.com', product_id: '2' },
        },
      },
    ],
    documents: 'PD',
  }),
}
