import { Type } from 'typebox'
import { everyone, needs, needsOn, op, signedIn } from '../op.ts'
import {
  DateTime,
  Day,
  Id,
  InBoolean,
  Info,
  InId,
  InIdOf,
  InInteger,
  InText,
  Money,
  OneOf,
  StatusTrue,
} from '../wire.ts'
import { InPrivilegesOrNull, Privileges } from './contacts.ts'
import { CycleCode } from './cycles.ts'
import { InvoiceStatus } from './invoice.ts'
import { InPerson } from './person.ts'

const ServiceChange = Type.Object({
  state: OneOf(
    ['queued', 'invoiced'],
    'queued waits for the renewal, invoiced for a payment or the start of the period',
  ),
  apply: OneOf(['now', 'renewal']),
  name: Type.String({ description: 'Name of the product it then is' }),
  cycle: CycleCode,
  total: Type.String({ description: 'To pay each period from then on' }),
  setup: Type.String({ description: 'To pay once, with the invoice of the change' }),
  invoice_id: Type.Optional(Id),
  date_created: Day,
  starts: Day,
  expires: Day,
})
const exampleChange = {
  state: 'invoiced',
  apply: 'now',
  name: 'Web hosting L',
  cycle: 'm',
  total: '26.00',
  setup: '0.00',
  invoice_id: '5123',
  date_created: '2026-11-02',
  starts: '0000-00-00',
  expires: '2026-11-10',
}

/** What Innkeeper adds to the documented operations. It never changes them, and exists in every profile. */
export const extensions = {
  signup: op({
    id: 'extensions.signup',
    method: 'POST',
    path: '/signup',
    summary: 'Open an account',
    description:
      'Answers `invalid method` where the provider opens accounts itself. Only so many are opened from one address within an hour.',
    input: { ...InPerson, email: InText(254), password: InText(1024) },
    reply: Type.Object({ client_id: Id, info: Info }),
    access: everyone,
    errors: ['useralreadyexistsemail_error', 'passistooshort'],
    examples: [
      {
        request: {
          email: 'ada@example.com',
          password: 'correct horse',
          firstname: 'Ada',
          lastname: 'Byron',
          country: 'EE',
        },
        reply: { client_id: '7', info: ['client_added'] },
      },
    ],
  }),
  requestPasswordReset: op({
    id: 'extensions.requestPasswordReset',
    method: 'POST',
    path: '/passwordreset',
    summary: 'Reset a lost password',
    description:
      'With `email`: mails a token, and answers the same whether or not the address is known. With `token` and `password`: sets the password and ends every session.',
    input: {
      email: Type.Optional(InText(254)),
      token: Type.Optional(InText(256)),
      password: Type.Optional(InText(1024)),
    },
    reply: Type.Object({ info: Info }),
    access: everyone,
    errors: ['passistooshort'],
    examples: [{ request: { email: 'ada@example.com' }, reply: { info: ['passwordreset_sent'] } }],
  }),
  verifyMfa: op({
    id: 'extensions.verifyMfa',
    method: 'POST',
    path: '/mfa/verify',
    summary: 'Finish signing in with the second factor',
    description: 'A challenge takes five attempts within five minutes; then sign in again.',
    input: { token: InText(1024, 'The `mfa.token` of /login'), code: InText(16, 'Six digits') },
    reply: Type.Object({ token: Type.String(), refresh: Type.String() }),
    access: everyone,
    replayable: false,
    errors: ['mfa_invalid_code', 'unauthorized'],
    examples: [
      {
        request: { token: 'mfa_Zk7p5l9Tq0Xc', code: '492039' },
        reply: { token: 'eyJhbGciOiJSUzI1NiJ9.e30.c2ln', refresh: 'rt_5l9Tq0Xc3m4u' },
      },
    ],
  }),
  createToken: op({
    id: 'extensions.createToken',
    method: 'POST',
    path: '/tokens',
    summary: 'Create a personal token',
    description:
      'A token for scripts, sent as Bearer, or as the password of Basic. Its scopes are a part of the tree that `/contact/privileges` answers; without `scopes` it may do what you may, with empty ones nothing that needs a privilege. The secret is shown once.',
    input: {
      name: InText(100),
      scopes: Type.Optional(InPrivilegesOrNull),
      expires_at: Type.Optional(InText(32, 'YYYY-MM-DD HH:MM:SS or ISO 8601')),
      allowed_addresses: Type.Optional(Type.Array(InText(64, 'Address or CIDR'), { maxItems: 50 })),
    },
    reply: Type.Object({ token: Type.String(), id: Id, info: Info }),
    access: signedIn,
    errors: ['privileges_exceeded', 'forbidden'],
    examples: [
      {
        request: { name: 'zone sync', scopes: { services: { '10': ['dns'] } }, allowed_addresses: ['192.0.2.0/24'] },
        reply: { token: 'ikp_b2nVwZk7p5l9Tq0Xc3m4u8sY', id: '3', info: ['token_added'] },
      },
    ],
  }),
  listTokens: op({
    id: 'extensions.listTokens',
    method: 'GET',
    path: '/tokens',
    summary: 'Your personal tokens',
    reply: Type.Object({
      tokens: Type.Array(
        Type.Object({
          id: Id,
          name: Type.String(),
          scopes: Privileges,
          allowed_addresses: Type.Array(Type.String()),
          date_created: DateTime,
          expires_at: DateTime,
          last_used: DateTime,
        }),
      ),
    }),
    access: signedIn,
    examples: [
      {
        reply: {
          tokens: [
            {
              id: '3',
              name: 'zone sync',
              scopes: { services: { '10': ['dns'] } },
              allowed_addresses: ['192.0.2.0/24'],
              date_created: '2026-10-30 09:24:28',
              expires_at: '0000-00-00 00:00:00',
              last_used: '0000-00-00 00:00:00',
            },
          ],
        },
      },
    ],
  }),
  deleteToken: op({
    id: 'extensions.deleteToken',
    method: 'DELETE',
    path: '/tokens/{id}',
    summary: 'Revoke a personal token',
    description: 'It stops working on every node within a second. A personal token revokes none.',
    input: { id: InId },
    reply: Type.Object({ status: StatusTrue }),
    access: signedIn,
    errors: ['not_found', 'forbidden'],
    examples: [{ request: { id: '3' }, reply: { status: true } }],
  }),
  getIpAccess: op({
    id: 'extensions.getIpAccess',
    method: 'GET',
    path: '/ipaccess',
    summary: 'Addresses the account may be used from',
    description: 'Networks in CIDR form; an empty list means from everywhere.',
    reply: Type.Object({ allowed_addresses: Type.Array(Type.String()) }),
    access: needs('misc', 'editipaccess'),
    examples: [{ reply: { allowed_addresses: ['192.0.2.0/24', '2001:db8:7::/48'] } }],
  }),
  updateIpAccess: op({
    id: 'extensions.updateIpAccess',
    method: 'PUT',
    path: '/ipaccess',
    summary: 'Restrict the addresses the account may be used from',
    description:
      'Replaces the whole list, for every identity of the account and at once. A list without the address this request comes from is refused unless `force` is on; a personal token may not force it.',
    input: {
      allowed_addresses: Type.Array(InText(64, 'Address or CIDR'), { maxItems: 100 }),
      force: Type.Optional(InBoolean('Take the list even if it shuts you out')),
    },
    reply: Type.Object({ allowed_addresses: Type.Array(Type.String()), info: Info }),
    access: needs('misc', 'editipaccess'),
    errors: ['ipaccess_lockout', 'forbidden'],
    examples: [
      {
        request: { allowed_addresses: ['192.0.2.0/24'], force: true },
        reply: { allowed_addresses: ['192.0.2.0/24'], info: ['success_changes_save'] },
      },
    ],
  }),
  getClock: op({
    id: 'extensions.getClock',
    method: 'GET',
    path: '/test/clock',
    summary: 'The clock of money, in test mode',
    description: 'The moment it is for invoices, due dates and renewals. Answers `invalid method` outside test mode.',
    reply: Type.Object({ now: DateTime }),
    access: signedIn,
    examples: [{ reply: { now: '2026-10-30 09:24:28' } }],
  }),
  getServiceChange: op({
    id: 'extensions.getServiceChange',
    method: 'GET',
    path: '/service/{id}/change',
    summary: 'The change of a service that waits',
    description: 'What was ordered by an upgrade or a new cycle, and is not paid yet or begins with the next period.',
    input: { id: InId },
    reply: Type.Object({ change: ServiceChange }),
    access: needsOn('services', 'upgrade', 'id'),
    errors: ['not_found'],
    examples: [{ request: { id: '332' }, reply: { change: exampleChange } }],
  }),
  cancelServiceChange: op({
    id: 'extensions.cancelServiceChange',
    method: 'DELETE',
    path: '/service/{id}/change',
    summary: 'Cancel the change of a service that waits',
    description:
      'Its invoice is cancelled, and what was paid of that becomes credit. One that a renewal was billed with stands: `conflict`.',
    input: { id: InId },
    reply: Type.Object({ info: Info }),
    access: needsOn('services', 'upgrade', 'id'),
    errors: ['not_found', 'conflict'],
    examples: [{ request: { id: '332' }, reply: { info: ['service_change_cancelled'] } }],
  }),
  moveClock: op({
    id: 'extensions.moveClock',
    method: 'POST',
    path: '/test/clock',
    summary: 'Move the clock of money, in test mode',
    description:
      'Forward to a moment, or by days, months and seconds; 400 days at most in one call. Each day on the way has its renewals, reminders and suspensions before this answers. Sessions and tokens stay on the wall clock. Answers `invalid method` outside test mode.',
    input: {
      set: Type.Optional(InText(32, 'YYYY-MM-DD HH:MM:SS or ISO 8601')),
      advance: Type.Optional(
        Type.Object({
          days: Type.Optional(InInteger(0, 400)),
          months: Type.Optional(InInteger(0, 13)),
          seconds: Type.Optional(InInteger(0, 34_560_000)),
        }),
      ),
    },
    reply: Type.Object({ now: DateTime }),
    access: signedIn,
    replayable: false,
    examples: [{ request: { advance: { seconds: 1 } }, reply: { now: '2026-10-30 09:24:28' } }],
  }),
  payInvoice: op({
    id: 'extensions.payInvoice',
    method: 'POST',
    path: '/invoice/{id}/pay',
    summary: 'Pay an invoice',
    description:
      'What is due, by `pay_method` or else by the method of the invoice. A card that is kept is charged at once; `url` is a page to pay on, `transfer` what has to stand on a bank transfer, `credit` what the credit of the account paid and what it left due. Without these, `invoice_status` says what came of it. Another method than that of the invoice adds no fee and takes none off: what is due is what the invoice says.',
    input: {
      id: InId,
      pay_method: Type.Optional(InIdOf('Id of a payment method')),
      save_card: Type.Optional(InBoolean('Have a new card kept for later invoices: a page opens even if there is one')),
      return_url: Type.Optional(InText(2000, 'Where the page leads to afterwards')),
    },
    reply: Type.Object({
      invoice_status: InvoiceStatus,
      url: Type.Optional(Type.String()),
      transfer: Type.Optional(
        Type.Object({
          reference: Type.String({ description: 'ISO 11649, in groups of four' }),
          beneficiary: Type.String(),
          iban: Type.String(),
          bic: Type.String(),
          amount: Money,
          currency: Type.String({ description: 'ISO 4217' }),
        }),
      ),
      credit: Type.Optional(
        Type.Object(
          {
            applied: Money,
            due: Type.String({ description: 'What is left to pay by another method' }),
            currency: Type.String({ description: 'ISO 4217' }),
          },
          { description: 'What credit paid, where that was the method: as much as there was' },
        ),
      ),
    }),
    access: needs('billing', 'payinvoice'),
    asksOutside: true,
    errors: [
      'not_found',
      'conflict',
      'payment_in_progress',
      'insufficient_credit',
      'upstream_error',
      'upstream_timeout',
    ],
    examples: [
      {
        request: { id: '5110', pay_method: '3' },
        reply: {
          invoice_status: 'Unpaid',
          transfer: {
            reference: 'RF66 5110',
            beneficiary: 'Example Hosting',
            iban: 'EE38 2200 2210 2014 5685',
            bic: 'HABAEE2X',
            amount: '24.80',
            currency: 'EUR',
          },
        },
      },
      {
        title: 'By credit that is too little',
        request: { id: '5110', pay_method: '4' },
        reply: { invoice_status: 'Unpaid', credit: { applied: '10.00', due: '14.80', currency: 'EUR' } },
      },
    ],
  }),
  listCards: op({
    id: 'extensions.listCards',
    method: 'GET',
    path: '/cards',
    summary: 'Cards that are kept',
    description: 'At most one for each payment method; the gateway keeps them, not this server.',
    reply: Type.Object({
      cards: Type.Array(
        Type.Object({
          id: Id,
          pay_method: Id,
          brand: Type.String(),
          last4: Type.String(),
          expires: Type.String({ description: 'YYYY-MM' }),
          date_added: DateTime,
        }),
      ),
    }),
    access: needs('billing', 'creditcard'),
    examples: [
      {
        reply: {
          cards: [
            {
              id: '4',
              pay_method: '6',
              brand: 'visa',
              last4: '4242',
              expires: '2031-12',
              date_added: '2026-10-30 09:24:28',
            },
          ],
        },
      },
    ],
  }),
  deleteCard: op({
    id: 'extensions.deleteCard',
    method: 'DELETE',
    path: '/cards/{id}',
    summary: 'Remove a card',
    description: 'It is not charged any more from now on.',
    input: { id: InId },
    reply: Type.Object({ status: StatusTrue }),
    access: needs('billing', 'creditcard'),
    errors: ['not_found'],
    examples: [{ request: { id: '4' }, reply: { status: true } }],
  }),
}
