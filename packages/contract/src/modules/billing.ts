import { Type } from 'typebox'
import { needs, op, signedIn } from '../op.ts'
import { Amount, Base64, InId, InNumber, Money, Page, paging, SuccessTrue } from '../wire.ts'
import { exampleInvoice, exampleInvoiceRow, Invoice, InvoiceRow, InvoiceStatus } from './invoice.ts'

/** Balance, invoices and ways to pay. */
export const billing = {
  getBalance: op({
    id: 'billing.getBalance',
    method: 'GET',
    path: '/balance',
    summary: 'Balance and credit',
    description: '`acc_balance` is what is owed over all unpaid invoices; `acc_credit` is what can be applied to them.',
    reply: Type.Object({
      success: SuccessTrue,
      details: Type.Object({
        currency: Type.String({ description: 'ISO 4217' }),
        acc_balance: Money,
        acc_credit: Money,
      }),
    }),
    access: needs('billing', 'balance'),
    examples: [{ reply: { success: true, details: { currency: 'EUR', acc_balance: '24.80', acc_credit: '5.00' } } }],
    documents: 'PDSX',
  }),
  listInvoices: op({
    id: 'billing.listInvoices',
    method: 'GET',
    path: '/invoice',
    summary: 'Invoices',
    description:
      'Newest first, without drafts. Credit notes are among them: their amounts are negative, and nothing is due of them.',
    input: paging,
    reply: Type.Object({ invoices: Type.Array(InvoiceRow), page: Type.Optional(Page) }),
    access: needs('billing', 'payinvoice'),
    examples: [{ reply: { invoices: [exampleInvoiceRow] } }],
    documents: 'PDSX',
  }),
  getInvoice: op({
    id: 'billing.getInvoice',
    method: 'GET',
    path: '/invoice/{id}',
    summary: 'An invoice',
    input: { id: InId },
    reply: Type.Object({ invoice: Invoice }),
    access: needs('billing', 'payinvoice'),
    errors: ['not_found'],
    examples: [{ request: { id: '5104' }, reply: { invoice: exampleInvoice } }],
    documents: 'PDSX',
  }),
  listPaymentMethods: op({
    id: 'billing.listPaymentMethods',
    method: 'GET',
    path: '/payment',
    summary: 'Payment methods',
    description: 'Names by id; the id is what orders take as `pay_method`.',
    reply: Type.Object({ payments: Type.Record(Type.String(), Type.String()) }),
    access: signedIn,
    examples: [{ reply: { payments: { '3': 'Bank transfer', '6': 'Card' } } }],
    documents: 'PD',
  }),
  applyCredit: op({
    id: 'billing.applyCredit',
    method: 'POST',
    path: '/invoice/{id}/credit',
    summary: 'Pay with credit',
    description:
      'Applies credit to an unpaid invoice. More than is due is refused. Without `amount`, as much as there is.',
    input: { id: InId, amount: Type.Optional(InNumber('How much, more than 0')) },
    reply: Type.Object({ invoice_status: InvoiceStatus, applied: Amount }),
    access: needs('billing', 'payinvoice'),
    errors: ['not_found', 'insufficient_credit', 'conflict'],
    examples: [
      { request: { id: '5110', amount: 4.5 }, reply: { success: true, invoice_status: 'Unpaid', applied: 4.5 } },
    ],
    documents: 'D',
  }),
  listPaymentFees: op({
    id: 'billing.listPaymentFees',
    method: 'GET',
    path: '/payment/fees',
    summary: 'Payment fees',
    description:
      'What each payment method adds to an invoice that is made for it: a fixed amount and a part of what the lines come to after discounts. The fee is a line of its own (`item_id` "-2"), fixed when the invoice is made: whoever pays otherwise pays what the invoice says.',
    reply: Type.Object({
      payments: Type.Array(
        Type.Object({
          id: Type.Integer(),
          name: Type.String(),
          fixed_fee: Money,
          percent_fee: Type.String({ description: 'Percent of the lines, after discounts' }),
        }),
      ),
    }),
    access: signedIn,
    examples: [
      {
        reply: {
          payments: [
            { id: 3, name: 'Bank transfer', fixed_fee: '0.0', percent_fee: '0.0' },
            { id: 6, name: 'Card', fixed_fee: '0.2', percent_fee: '1.5' },
          ],
        },
      },
    ],
    documents: 'D',
  }),
  getInvoicePdf: op({
    id: 'billing.getInvoicePdf',
    method: 'POST',
    path: '/invoice/{id}/pdf',
    summary: 'An invoice as PDF',
    description:
      'PDF/A-3 with the invoice for programs in it (factur-x.xml: Factur-X, ZUGFeRD, EN 16931). `Accept: application/pdf` gets the file itself.',
    input: { id: InId },
    reply: Type.Object({ invoice: InvoiceStatus, filename: Type.String(), pdf: Base64 }),
    alsoProduces: ['application/pdf'],
    file: { content: 'pdf', encoding: 'base64', name: 'filename' },
    replayable: false,
    access: needs('billing', 'payinvoice'),
    errors: ['not_found'],
    examples: [
      {
        request: { id: '5104' },
        reply: { success: true, invoice: 'Paid', filename: 'invoice-2026-10-4.pdf', pdf: 'JVBERi0xLjcKJcOkw7w=' },
      },
    ],
    documents: 'S',
  }),
}
