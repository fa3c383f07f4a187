import { Type } from 'typebox'
import { op, staffWith } from '../op.ts'
import { Id, InBoolean, Info, InId, InText, OneOf } from '../wire.ts'
import {
  Currency,
  DecimalAmount,
  IdOrNull,
  InDay,
  InDecimal,
  InMoment,
  listing,
  Moment,
  MomentOrNull,
  Next,
  PlainDay,
  TextOrNull,
} from './wire.ts'

const Status = OneOf(['Draft', 'Unpaid', 'Paid', 'Cancelled', 'Refunded', 'Collections'])
const Kind = OneOf(['invoice', 'credit_note'])

const rowFields = {
  id: Id,
  kind: Kind,
  status: Status,
  number: TextOrNull,
  proforma_number: TextOrNull,
  client_id: Id,
  currency: Currency,
  issued_on: PlainDay,
  due_on: PlainDay,
  paid_at: MomentOrNull,
  subtotal: DecimalAmount,
  tax: DecimalAmount,
  total: DecimalAmount,
  paid: DecimalAmount,
  due: DecimalAmount,
}
const exampleRow = {
  id: '5104',
  kind: 'invoice' as const,
  status: 'Unpaid' as const,
  number: '2026/11/4',
  proforma_number: null,
  client_id: '1007',
  currency: 'EUR',
  issued_on: '2026-11-22',
  due_on: '2026-11-29',
  paid_at: null,
  subtotal: '20.00',
  tax: '4.80',
  total: '24.80',
  paid: '0.00',
  due: '24.80',
}
const Line = Type.Object({
  id: Id,
  type: Type.String(),
  item_id: Type.String({ description: 'The service it is for; 0 none, -2 the payment fee, -3 a late fee' }),
  description: Type.String(),
  quantity: Type.String(),
  unit_price: DecimalAmount,
  amount: DecimalAmount,
  net: DecimalAmount,
  tax: DecimalAmount,
  taxed: Type.Boolean(),
})
const Invoice = Type.Object({
  ...rowFields,
  lines: Type.Array(Line),
  taxes: Type.Array(
    Type.Object({
      name: Type.String(),
      percent: Type.String(),
      base: DecimalAmount,
      tax: DecimalAmount,
      reason: Type.String(),
    }),
  ),
  paid_by_credit: DecimalAmount,
  refunded: Type.String({ description: 'What the client got back of what was paid, by refunds and as credit' }),
  payment_method_id: IdOrNull,
  notes: Type.String(),
  corrects_id: IdOrNull,
  credit_note_ids: Type.Array(Id),
  created_at: Moment,
  finalised_at: MomentOrNull,
})
const exampleInvoice = {
  ...exampleRow,
  lines: [
    {
      id: '9010',
      type: 'Other',
      item_id: '0',
      description: 'Moving a server',
      quantity: '2',
      unit_price: '10.00',
      amount: '20.00',
      net: '20.00',
      tax: '4.80',
      taxed: true,
    },
  ],
  taxes: [{ name: 'VAT', percent: '24', base: '20.00', tax: '4.80', reason: '' }],
  paid_by_credit: '0.00',
  refunded: '0.00',
  payment_method_id: null,
  notes: '',
  corrects_id: null,
  credit_note_ids: [],
  created_at: '2026-11-22T09:24:28Z',
  finalised_at: '2026-11-22T09:25:02Z',
}
const exampleDraft = { ...exampleInvoice, status: 'Draft' as const, number: null, finalised_at: null, due: '0.00' }

const State = { status: Status, due: DecimalAmount, currency: Currency, info: Info }

/** Invoices and credit notes of all clients. */
export const invoices = {
  listInvoices: op({
    id: 'staff.invoices.listInvoices',
    method: 'GET',
    path: '/invoices',
    summary: 'Invoices and credit notes',
    input: {
      ...listing,
      client_id: Type.Optional(InId),
      status: Type.Optional(Status),
      kind: Type.Optional(Kind),
      number: Type.Optional(InText(60, 'The final or the pro-forma number')),
      issued_from: Type.Optional(InDay('Issued on this day or later')),
      issued_until: Type.Optional(InDay('Issued on this day or earlier')),
      due_until: Type.Optional(InDay('Due on this day or earlier')),
    },
    reply: Type.Object({ invoices: Type.Array(Type.Object(rowFields)), next: Next }),
    access: staffWith('read'),
    examples: [{ request: { status: 'Unpaid' }, reply: { invoices: [exampleRow], next: null } }],
  }),
  getInvoice: op({
    id: 'staff.invoices.getInvoice',
    method: 'GET',
    path: '/invoices/{id}',
    summary: 'An invoice or credit note',
    input: { id: InId },
    reply: Type.Object({ invoice: Invoice }),
    access: staffWith('read'),
    errors: ['not_found'],
    examples: [{ request: { id: '5104' }, reply: { invoice: exampleInvoice } }],
  }),
  addInvoice: op({
    id: 'staff.invoices.addInvoice',
    method: 'POST',
    path: '/invoices',
    summary: 'Write an invoice',
    description:
      'A draft in the currency of the client, taxed as their orders are. Nobody sees it before it is finalised.',
    input: {
      client_id: InId,
      lines: Type.Array(
        Type.Object({
          description: InText(500),
          unit_price: InDecimal('Decimal amount in the currency of the client'),
          quantity: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000_000, description: '1 unless told' })),
          taxed: Type.Optional(InBoolean('True unless told')),
        }),
        { minItems: 1, maxItems: 200 },
      ),
      due_on: Type.Optional(InDay('Unless told, as many days from now as orders give')),
      notes: Type.Optional(InText(2000)),
      payment_method_id: Type.Optional(InId),
    },
    reply: Type.Object({ invoice: Invoice }),
    access: staffWith('invoices'),
    errors: ['not_found', 'conflict'],
    examples: [
      {
        request: {
          client_id: '1007',
          lines: [{ description: 'Moving a server', quantity: 2, unit_price: '10.00' }],
        },
        reply: { invoice: exampleDraft },
      },
    ],
  }),
  deleteDraft: op({
    id: 'staff.invoices.deleteDraft',
    method: 'DELETE',
    path: '/invoices/{id}',
    summary: 'Delete a draft',
    description: 'What left the house is voided or corrected instead.',
    input: { id: InId },
    reply: Type.Object({ info: Info }),
    access: staffWith('invoices'),
    errors: ['not_found', 'conflict'],
    examples: [{ request: { id: '5104' }, reply: { info: ['invoice_deleted'] } }],
  }),
  finaliseInvoice: op({
    id: 'staff.invoices.finaliseInvoice',
    method: 'POST',
    path: '/invoices/{id}/finalise',
    summary: 'Finalise a draft',
    description:
      'It gets its number and is owed; credit of the client is applied where the client wants that. Refused with `conflict` and `tax_changed` where the client is taxed otherwise than when it was written: delete it, and write it again.',
    input: { id: InId },
    reply: Type.Object(State),
    access: staffWith('invoices'),
    errors: ['not_found', 'conflict'],
    examples: [
      {
        request: { id: '5104' },
        reply: { status: 'Unpaid', due: '24.80', currency: 'EUR', info: ['invoice_finalised'] },
      },
    ],
  }),
  voidInvoice: op({
    id: 'staff.invoices.voidInvoice',
    method: 'POST',
    path: '/invoices/{id}/void',
    summary: 'Void an unpaid invoice',
    description:
      'Credit that was applied is given back; one that has its final number gets a credit note. Payments are refunded first.',
    input: { id: InId, reason: InText(255) },
    reply: Type.Object(State),
    access: staffWith('invoices'),
    errors: ['not_found', 'conflict'],
    examples: [
      {
        request: { id: '5104', reason: 'ordered twice' },
        reply: { status: 'Cancelled', due: '0.00', currency: 'EUR', info: ['invoice_voided'] },
      },
    ],
  }),
  markPaid: op({
    id: 'staff.invoices.markPaid',
    method: 'POST',
    path: '/invoices/{id}/paid',
    summary: 'Record a payment by hand',
    description:
      'For money that no gateway told of. What is over goes to the credit of the client. The same reference a second time for the same invoice is not booked again (`repeated`), and refused with another amount.',
    input: {
      id: InId,
      amount: Type.Optional(InDecimal('What is due, unless told')),
      reference: Type.Optional(InText(100, 'What the payment is known by')),
      paid_at: Type.Optional(InMoment('When it came, today or earlier; now unless told')),
      note: Type.Optional(InText(255)),
    },
    reply: Type.Object({
      ...State,
      payment_id: Id,
      applied: DecimalAmount,
      credited: DecimalAmount,
      repeated: Type.Boolean({ description: 'It was booked before, and is not again' }),
    }),
    access: staffWith('payments'),
    errors: ['not_found', 'conflict'],
    examples: [
      {
        request: { id: '5104', amount: '24.80', reference: 'cash-17' },
        reply: {
          status: 'Paid',
          due: '0.00',
          currency: 'EUR',
          payment_id: '12',
          applied: '24.80',
          credited: '0.00',
          repeated: false,
          info: ['invoice_paid'],
        },
      },
    ],
  }),
  refundInvoice: op({
    id: 'staff.invoices.refundInvoice',
    method: 'POST',
    path: '/invoices/{id}/refund',
    summary: 'Give all payments of an invoice back',
    description:
      'Each as `/payments/{id}/refund` does. `unknown`: a gateway has not answered for one of them; a job goes on with it. What was paid by credit goes back with a credit note.',
    input: { id: InId, to: OneOf(['gateway', 'credit']), note: Type.Optional(InText(255)) },
    reply: Type.Object({ ...State, state: OneOf(['refunded', 'unknown']), refunded: DecimalAmount }),
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
        request: { id: '5104', to: 'credit' },
        reply: {
          status: 'Refunded',
          due: '0.00',
          currency: 'EUR',
          state: 'refunded',
          refunded: '24.80',
          info: ['invoice_refunded'],
        },
      },
    ],
  }),
  applyCredit: op({
    id: 'staff.invoices.applyCredit',
    method: 'POST',
    path: '/invoices/{id}/credit',
    summary: 'Pay with credit of the client',
    input: { id: InId, amount: Type.Optional(InDecimal('As much as there is and is due, unless told')) },
    reply: Type.Object({ ...State, applied: DecimalAmount }),
    access: staffWith('payments'),
    errors: ['not_found', 'conflict', 'insufficient_credit'],
    examples: [
      {
        request: { id: '5104', amount: '4.80' },
        reply: { status: 'Unpaid', due: '20.00', currency: 'EUR', applied: '4.80', info: ['credit_applied'] },
      },
    ],
  }),
  correctInvoice: op({
    id: 'staff.invoices.correctInvoice',
    method: 'POST',
    path: '/invoices/{id}/creditnote',
    summary: 'Correct an invoice by a credit note',
    description:
      'All of it, or net amounts of some lines; their taxes follow. It takes off what is still due first; of what was paid, `pay_out` says whether it becomes credit of the client, or is refunded apart (`none`).',
    input: {
      id: InId,
      reason: InText(255),
      lines: Type.Optional(
        Type.Array(Type.Object({ line_id: InId, net: InDecimal('Net amount to take off') }), {
          minItems: 1,
          maxItems: 200,
          description: 'Without them, all of it',
        }),
      ),
      pay_out: Type.Optional(OneOf(['credit', 'none'], '`credit` unless told')),
    },
    reply: Type.Object({ ...State, credit_note_id: Id, credit_note_number: Type.String(), total: DecimalAmount }),
    access: staffWith('invoices'),
    errors: ['not_found', 'conflict'],
    examples: [
      {
        request: { id: '5104', reason: 'one hour too many', lines: [{ line_id: '9010', net: '10.00' }] },
        reply: {
          status: 'Unpaid',
          due: '12.40',
          currency: 'EUR',
          credit_note_id: '5111',
          credit_note_number: 'C2026/1',
          total: '12.40',
          info: ['credit_note_issued'],
        },
      },
    ],
  }),
}
