import { csvRows } from './csv.ts'
import {
  badStatement,
  dayOfParts,
  mustBeKeepable,
  readEach,
  type StatementEntry,
  type StatementLimits,
} from './statement.ts'

/** How a bank writes its CSV. The first row names the columns. */
export interface CsvForm {
  /** One sign; default `,`. */
  readonly delimiter?: string
  /** The sign before the decimals; default `.`. Every other mark between digits is taken for a thousands separator. */
  readonly decimal?: '.' | ','
  /** The order of a date's parts; default `YMD`. */
  readonly dates?: 'YMD' | 'DMY' | 'MDY'
  /** As WHATWG names it; default `utf-8`. */
  readonly encoding?: string
  /** What the columns are called, where not as below. `currency` may be left out if {@link currency} is given. */
  readonly columns?: Partial<Readonly<Record<CsvColumn, string>>>
  /** Of every row without a column for it. */
  readonly currency?: string
}

/** `date`, `amount` (negative for money that left), `currency`, `payer`, `reference` (what the payer wrote), `id` (the bank's own). */
export type CsvColumn = 'date' | 'amount' | 'currency' | 'payer' | 'reference' | 'id'
const needed: readonly CsvColumn[] = ['date', 'amount', 'payer', 'reference']

/** Reads a CSV statement. Throws a DriverError `refused` that names each wrong row in a line. */
export function readCsvStatement(bytes: Buffer, form: CsvForm = {}, limits: StatementLimits = {}): StatementEntry[] {
  const { delimiter = ',', columns = {} } = form
  if (delimiter.length !== 1) throw badStatement('the delimiter has to be one sign')
  const [head, ...rows] = csvRows(decode(bytes, form.encoding ?? 'utf-8'), delimiter)
  if (head === undefined) throw badStatement('the file is empty')
  const names = head.map(name => name.trim().toLowerCase())
  const place = (column: CsvColumn) => names.indexOf((columns[column] ?? column).toLowerCase())
  for (const column of needed) {
    if (place(column) < 0)
      throw badStatement(`there is no column "${columns[column] ?? column}" in: ${head.join(', ')}`)
  }
  return readEach(rows, (row, index) => {
    const field = (column: CsvColumn) => (row[place(column)] ?? '').trim()
    const where = `row ${index + 2}`
    if (row.length !== head.length) throw badStatement(`${where} has ${row.length} fields, not ${head.length}`)
    const bankId = field('id')
    const entry = {
      ...(bankId === '' ? {} : { bankId }),
      bookedOn: readDate(field('date'), form.dates ?? 'YMD', where),
      amount: readAmount(field('amount'), form.decimal ?? '.', where),
      currency: readCurrency(field('currency') || (form.currency ?? ''), where),
      payer: field('payer'),
      text: field('reference'),
      returned: false,
      batch: false,
    }
    return mustBeKeepable(entry, where, limits)
  })
}

function decode(bytes: Buffer, encoding: string): string {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes)
  } catch {
    throw badStatement(`the file is not in ${encoding}`)
  }
}

function readDate(text: string, order: 'YMD' | 'DMY' | 'MDY', where: string): string {
  const parts = /^(\d{1,4})[-./](\d{1,2})[-./](\d{1,4})$/.exec(text.split(/[T ]/)[0] ?? '')?.slice(1) ?? []
  const part = (letter: string) => parts[order.indexOf(letter)] ?? ''
  const day = part('Y').length === 4 ? dayOfParts(part('Y'), part('M'), part('D')) : undefined
  if (day === undefined) throw badStatement(`${where}: ${JSON.stringify(text)} is no date in the order ${order}`)
  return day
}

function readAmount(text: string, decimal: '.' | ',', where: string): string {
  const grouped =
    decimal === '.'
      ? /^([+-]?)(\d{1,3}(?:[ ,'\u00a0]\d{3})+|\d+)(?:\.(\d+))?$/
      : /^([+-]?)(\d{1,3}(?:[ .'\u00a0]\d{3})+|\d+)(?:,(\d+))?$/
  const [whole, sign = '', units = '', decimals] = grouped.exec(text) ?? []
  if (whole === undefined) throw badStatement(`${where}: ${JSON.stringify(text)} is no amount`)
  const digits = units.replaceAll(/\D/g, '')
  return `${sign === '-' ? '-' : ''}${digits}${decimals === undefined ? '' : `.${decimals}`}`
}

function readCurrency(text: string, where: string): string {
  const code = text.toUpperCase()
  if (!/^[A-Z]{3}$/.test(code)) throw badStatement(`${where} names no currency`)
  return code
}
