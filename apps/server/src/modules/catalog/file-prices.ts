import { type Currency, type Cycle, cycles, formatAmount, type Minor, parseAmount } from '@innkeeper/money'
import { isNumberLike, isObject, mapOf, needed, object, optional, type Read, shown } from './file-readers.ts'

/* How a catalogue's file writes amounts. What is read is minor units as text. */

export type Currencies = ReadonlyMap<string, Currency>

/** An amount that is paid for a period and one that is paid once. */
export interface FilePrice {
  readonly price: string
  readonly setup: string
}
/** By currency, then by cycle. */
export type FilePrices = ReadonlyMap<string, ReadonlyMap<string, FilePrice>>

const periodCycles = cycles.filter(cycle => !cycle.startsWith('y') && cycle !== 'Free')

/** A positive decimal number as numeric columns write it: without needless zeros. */
export function decimal(decimals: number): Read<string> {
  return (value, at) => {
    const [, units, rest = ''] = isNumberLike(value) ? (/^(\d{1,9})(?:\.(\d+?)0*)?$/.exec(String(value)) ?? []) : []
    const fraction = /^0*$/.test(rest) ? '' : rest
    if (units === undefined || fraction.length > decimals || (Number(units) === 0 && fraction === ''))
      return at.wrong(`is ${shown(value)}, not a number above 0 with at most ${decimals} decimals`)
    return fraction === '' ? String(Number(units)) : `${Number(units)}.${fraction}`
  }
}

export function byCurrency<T>(
  currencies: Currencies,
  read: (currency: Currency) => Read<T>,
): Read<ReadonlyMap<string, T>> {
  return mapOf(/./, 'a currency', (value, at, code) => {
    const currency = currencies.get(code)
    return currency === undefined
      ? at.wrong(`there is no currency ${code} in the catalogue`)
      : read(currency)(value, at)
  })
}

export function amountIn(currency: Currency): Read<string> {
  return (value, at) => minorOf(value, currency)?.toString() ?? at.wrong(noAmount(value, currency))
}

function minorOf(value: unknown, currency: Currency): Minor | undefined {
  const minor = isNumberLike(value) ? parseAmount(value, currency) : undefined
  return minor === undefined || minor < 0n ? undefined : minor
}

function noAmount(value: unknown, currency: Currency): string {
  return `is ${shown(value)}, not an amount of ${currency.code} like ${formatAmount(1234n, currency)}`
}

/** `m: 5.00`, or with a fee to set it up `m: { price: 5.00, setup: 10.00 }`. */
export function byCycle(currency: Currency): Read<ReadonlyMap<string, FilePrice>> {
  const amount = amountIn(currency)
  const both = object({ price: needed(amount), setup: optional(amount, '0') })
  return mapOf(new RegExp(`^(${periodCycles.join('|')})$`), `a cycle: ${periodCycles.join(', ')}`, (value, at) => {
    if (isObject(value)) return both(value, at)
    const price = amount(value, at)
    return price === undefined ? undefined : { price, setup: '0' }
  })
}

const mostYears = 10

/** Amounts by the number of years; `yearly` gives those that are not named. The answer is by cycle: y1 … y10. */
export function byYears(currency: Currency): Read<ReadonlyMap<string, string>> {
  const amount = amountIn(currency)
  const named = mapOf(/^(yearly|[1-9]|10)$/, 'a number of years from 1 to 10, or yearly', amount)
  return (value, at) => {
    const read = named(value, at)
    if (read === undefined) return undefined
    const years = new Map<string, string>()
    const yearly = read.get('yearly')
    for (let year = 1; year <= mostYears; year++) {
      const price = read.get(String(year)) ?? (yearly === undefined ? undefined : String(BigInt(yearly) * BigInt(year)))
      const cycle: Cycle | undefined = cycles.find(each => each === `y${year}`)
      if (price !== undefined && cycle !== undefined) years.set(cycle, price)
    }
    return years
  }
}
