import { Type } from 'typebox'
import { op, staffWith } from '../op.ts'
import { Id, Info, InId, InText, OneOf } from '../wire.ts'
import {
  Currency,
  DecimalAmount,
  IdOrNull,
  InDecimal,
  InMoment,
  listing,
  Moment,
  Next,
  PlainDay,
  TextOrNull,
} from './wire.ts'

const Kind = OneOf(['payment', 'refund', 'chargeback'])
const Payment = Type.Object({
  id: Id,
  kind: Kind,
  client_id: Id,
  invoice_id: IdOrNull,
  gateway: Type.String(),
  reference: Type.String({ description: 'What the gateway calls it' }),
  currency: Currency,
  amount: DecimalAmount,
  fee: DecimalAmount,
  reverses_id: IdOrNull,
  returns_id: IdOrNull,
  at: Moment,
  note: Type.String(),
})
const examplePayment = {
  id: '12',
  kind: 'payment' as const,
  client_id: '1007',
  invoice_id: '5104',
  gateway: 'bank',
  reference: '3:f00d',
  currency: 'EUR',
  amount: '24.80',
  fee: '0.00',
  reverses_id: null,
  returns_id: null,
  at: '2026-11-22T00:00:00Z',
  note: 'Transfer from Grace Hopper',
}
const BankState = OneOf(['matched', 'unmatched', 'ignored'])
const BankTransaction = Type.Object({
  id: Id,
  payment_method_id: Id,
  booked_on: PlainDay,
  currency: Currency,
  amount: DecimalAmount,
  payer: Type.String(),
  reference: Type.String(),
  state: BankState,
  reason: Type.String({ description: 'Why it is not matched' }),
  payment_id: IdOrNull,
})
const exampleTransaction = {
  id: '31',
  payment_method_id: '3',
  booked_on: '2026-11-21',
  currency: 'EUR',
  amount: '24.80',
  payer: 'Grace Hopper',
  reference: 'for the server',
  state: 'unmatched' as const,
  reason: 'no reference',
  payment_id: null,
}

/** Money that came in and went back, and what the bank received. */
export const payments = {
  listPayments: op({
    id: 'staff.payments.listPayments',
    method: 'GET',
    path: '/payments',
    summary: 'Payments, refunds and chargebacks',
    input: {
      ...listing,
      client_id: Type.Optional(InId),
      invoice_id: Type.Optional(InId),
      kind: Type.Optional(Kind),
      gateway: Type.Optional(InText(50)),
      from: Type.Optional(InMoment('Not before')),
      until: Type.Optional(InMoment('Before')),
    },
    reply: Type.Object({ payments: Type.Array(Payment), next: Next }),
    access: staffWith('read'),
    examples: [{ request: { invoice_id: '5104' }, reply: { payments: [examplePayment], next: null } }],
  }),
  refundPayment: op({
    id: 'staff.payments.refundPayment',
    method: 'POST',
    path: '/payments/{id}/refund',
    summary: 'Give a payment back',
    description:
      'To the credit of the client, or the way it came: through its gateway, and for transfers and cash by your own hand, which this only books. `unknown`: the gateway has not answered; a job goes on with it, once.',
    input: {
      id: InId,
      amount: Type.Optional(InDecimal('Unless told, what has not gone back yet')),
      to: OneOf(['gateway', 'credit']),
      note: Type.Optional(InText(255)),
    },
    reply: Type.Object({
      state: OneOf(['refunded', 'unknown']),
      refunded: DecimalAmount,
      currency: Currency,
      invoice_status: TextOrNull,
      info: Info,
    }),
    access: staffWith('payments'),
    asksOutside: true,
    errors: [
      'not_found',
      'conflict',
      'insufficient_credit',
      'upstream_error',
      'upstream_timeout',
      'payment_in_progress',
    ],
    examples: [
      {
        request: { id: '12', to: 'credit' },
        reply: {
          state: 'refunded',
          refunded: '24.80',
          currency: 'EUR',
          invoice_status: 'Refunded',
          info: ['payment_refunded'],
        },
      },
    ],
  }),
  listBankTransactions: op({
    id: 'staff.payments.listBankTransactions',
    method: 'GET',
    path: '/bank',
    summary: 'Bank transactions',
    description: '`state=unmatched` lists what nobody could be credited with yet.',
    input: { ...listing, state: Type.Optional(BankState), payment_method_id: Type.Optional(InId) },
    reply: Type.Object({ transactions: Type.Array(BankTransaction), next: Next }),
    access: staffWith('read'),
    examples: [{ request: { state: 'unmatched' }, reply: { transactions: [exampleTransaction], next: null } }],
  }),
  matchTransaction: op({
    id: 'staff.payments.matchTransaction',
    method: 'POST',
    path: '/bank/{id}/match',
    summary: 'Say what a bank transaction was for',
    description: 'An invoice, or with `client_id` alone the credit of a client.',
    input: { id: InId, invoice_id: Type.Optional(InId), client_id: Type.Optional(InId) },
    reply: Type.Object({ transaction: BankTransaction, info: Info }),
    access: staffWith('payments'),
    errors: ['not_found', 'conflict'],
    examples: [
      {
        request: { id: '31', invoice_id: '5104' },
        reply: {
          transaction: { ...exampleTransaction, state: 'matched' as const, reason: '', payment_id: '12' },
          info: ['transaction_matched'],
        },
      },
    ],
  }),
  ignoreTransaction: op({
    id: 'staff.payments.ignoreTransaction',
    method: 'POST',
    path: '/bank/{id}/ignore',
    summary: 'Set a bank transaction aside',
    input: { id: InId, reason: InText(255) },
    reply: Type.Object({ transaction: BankTransaction, info: Info }),
    access: staffWith('payments'),
    errors: ['not_found', 'conflict'],
    examples: [
      {
        request: { id: '31', reason: 'rent' },
        reply: {
          transaction: { ...exampleTransaction, state: 'ignored' as const, reason: 'rent' },
          info: ['transaction_ignored'],
        },
      },
    ],
  }),
  importStatement: op({
    id: 'staff.payments.importStatement',
    method: 'POST',
    path: '/bank/import',
    summary: 'Import a bank statement',
    description:
      'CSV as the payment method describes it, or camt.053. What an earlier statement had is `known` and not booked again, so importing twice is harmless. What is in a currency that the catalogue does not have is `ignored` by reason of `unknown_currency`, and is in no list. With the reason `amount`, `invoice_id` is the invoice whose number it names, of which another amount is due. A file that cannot be read changes nothing; `error` says which rows are at fault.',
    input: {
      statement: Type.String({ minLength: 1, maxLength: 1_000_000, description: 'The text of the file' }),
      method: Type.Optional(InText(64, 'Key of the payment method, where there are several banks')),
    },
    reply: Type.Object({
      entries: Type.Array(
        Type.Object({
          booked_on: PlainDay,
          amount: Type.String(),
          currency: Currency,
          payer: Type.String(),
          state: OneOf(['matched', 'unmatched', 'ignored', 'known']),
          reason: Type.String(),
          invoice_id: IdOrNull,
        }),
      ),
      info: Info,
    }),
    access: staffWith('payments'),
    asksOutside: true,
    errors: ['upstream_error'],
    examples: [
      {
        request: { statement: 'date,amount,currency,payer,reference\n2026-01-21,24.80,EUR,Grace Hopper,2026/1/4\n' },
        reply: {
          entries: [
            {
              booked_on: '2026-01-21',
              amount: '24.80',
              currency: 'EUR',
              payer: 'Grace Hopper',
              state: 'matched',
              reason: '',
              invoice_id: '5104',
            },
          ],
          info: ['statement_imported'],
        },
      },
    ],
  }),
}
