import type { DriverDescription } from '../../kit/describe.ts'
import type { CsvForm } from './csv-statement.ts'

/** Bank transfers as data: nobody is called, statements are read. */
export const bankDescription = {
  name: 'bank',
  title: 'Bank transfers, matched by the statements of the bank',
  options: [
    { name: 'delimiter', type: 'one sign', default: ',', help: 'What stands between the fields of a CSV statement.' },
    { name: 'decimal', type: '. | ,', default: '.', help: 'What stands before the decimals of an amount.' },
    { name: 'dates', type: 'YMD | DMY | MDY', default: 'YMD', help: 'The order of the parts of a date.' },
    { name: 'encoding', type: 'text', default: 'utf-8', help: 'The encoding of the file, such as windows-1252.' },
    {
      name: 'columns',
      type: 'names by date, amount, currency, payer, reference, id',
      default: [],
      help: 'What the bank calls the columns, where not so.',
    },
    { name: 'currency', type: 'ISO 4217', default: '', help: 'Of all rows, where no column tells.' },
  ],
  capabilities: ['references of ISO 11649', 'CSV', 'camt.053'],
  limits: ['CSV has no sign for a payment that the bank returned; a debit is taken for one if it names the invoice.'],
  links: ['https://www.iso20022.org/iso-20022-message-definitions', 'https://www.rfc-editor.org/rfc/rfc4180'],
} as const satisfies DriverDescription<keyof CsvForm>
