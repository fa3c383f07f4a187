import { Type } from 'typebox'
import { Amount, DateTime, Day, Flag, Id, Money, OneOf } from '../wire.ts'
import { exampleAddress, PersonFields } from './person.ts'

/** The states of an invoice. */
export const InvoiceStatus = OneOf(['Draft', 'Unpaid', 'Paid', 'Cancelled', 'Refunded', 'Collections'])

/** An invoice as the list shows it. */
export const InvoiceRow = Type.Object({
  id: Id,
  date: Day,
  dateorig: Day,
  duedate: Day,
  paybefore: Day,
  total: Money,
  datepaid: DateTime,
  status: InvoiceStatus,
  merge_id: Type.Union([Id, Type.Null()], { description: 'The invoice it was merged into' }),
  number: Type.String({ description: 'Final number; empty while there is none' }),
  currency: Type.String({ description: 'ISO 4217' }),
})

const InvoiceItem = Type.Object({
  id: Id,
  invoice_id: Id,
  type: Type.String({
    description: 'Hosting, Addon, Domain Register, Domain Renew, Upgrade, Discount, Credit, Other …',
  }),
  item_id: Type.String({ description: 'What the line is for; "0" for nothing, negative for fees' }),
  description: Type.String({ description: 'The thing, its name, its days, and what was chosen about it' }),
  amount: Money,
  taxed: Flag,
  qty: Type.String(),
  linetotal: Money,
})

/** The buyer as the document names them; later changes of the account do not alter it. */
const InvoiceClient = Type.Object({ id: Id, email: Type.String(), ...PersonFields })

/** A whole invoice. Amounts of the document are numbers, those of its lines are text. */
export const Invoice = Type.Object({
  id: Id,
  status: InvoiceStatus,
  date: Day,
  duedate: Day,
  paybefore: Day,
  datepaid: DateTime,
  subtotal: Amount,
  credit: Amount,
  tax: Amount,
  taxrate: Type.Number({ description: 'Percent' }),
  tax2: Amount,
  taxrate2: Type.Number({ description: 'Percent' }),
  taxexempt: Flag,
  total: Amount,
  rate: Type.Number({ description: "Exchange rate to the provider's currency" }),
  rate2: Type.Number(),
  rate3: Type.Number(),
  notes: Type.String(),
  items: Type.Array(InvoiceItem),
  client: InvoiceClient,
  number: Type.String(),
  currency: Type.String({ description: 'ISO 4217' }),
})

/** An example of {@link InvoiceRow}. */
export const exampleInvoiceRow = {
  id: '5104',
  date: '2026-10-01',
  dateorig: '2026-10-01',
  duedate: '2026-10-14',
  paybefore: '2026-10-14',
  total: '24.80',
  datepaid: '2026-10-03 11:20:05',
  status: 'Paid',
  merge_id: null,
  number: '2026/10/4',
  currency: 'EUR',
}

/** The same invoice with all that is known of it. */
export const exampleInvoice = {
  id: '5104',
  status: 'Paid',
  date: '2026-10-01',
  duedate: '2026-10-14',
  paybefore: '2026-10-14',
  datepaid: '2026-10-03 11:20:05',
  subtotal: 20,
  credit: 0,
  tax: 4.8,
  taxrate: 24,
  tax2: 0,
  taxrate2: 0,
  taxexempt: '0',
  total: 24.8,
  rate: 1,
  rate2: 0,
  rate3: 1,
  notes: '',
  items: [
    {
      id: '9001',
      invoice_id: '5104',
      type: 'Hosting',
      item_id: '332',
      description: 'Web hosting M, 1 to 31 October 2026',
      amount: '20.00',
      taxed: '1',
      qty: '1.00',
      linetotal: '20.00',
    },
  ],
  client: { id: '7', email: 'ada@example.com', ...exampleAddress },
  number: '2026/10/4',
  currency: 'EUR',
}
