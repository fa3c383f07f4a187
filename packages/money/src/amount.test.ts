import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  amountNumber,
  type Currency,
  divideHalfUp,
  formatAmount,
  formatPercent,
  parseAmount,
  parsePercent,
  percentOf,
} from './amount.ts'

const euro: Currency = { code: 'EUR', exponent: 2 }
const yen: Currency = { code: 'JPY', exponent: 0 }
const dinar: Currency = { code: 'KWD', exponent: 3 }
const anyCurrency = fc.constantFrom(euro, yen, dinar)

test('an amount that is written can be read again', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(10n ** 14n), max: 10n ** 14n }), anyCurrency, (amount, currency) => {
      expect(parseAmount(formatAmount(amount, currency), currency)).toBe(amount)
    }),
  )
})

test.each([
  [999n, euro, '9.99', 9.99],
  [-5n, euro, '-0.05', -0.05],
  [0n, euro, '0.00', 0],
  [500n, yen, '500', 500],
  [1234n, dinar, '1.234', 1.234],
] as const)('%s of %o is written %s', (amount, currency, text, number) => {
  expect(formatAmount(amount, currency)).toBe(text)
  expect(amountNumber(amount, currency)).toBe(number)
})

test.each([
  ['1.5', euro, 150n],
  ['1.50', euro, 150n],
  ['1.500', euro, 150n],
  [4.5, euro, 450n],
  ['12', yen, 12n],
  ['1.234', dinar, 1234n],
  [' 7 ', euro, 700n],
  ['1.505', euro, undefined],
  ['1.5', yen, undefined],
  ['1e3', euro, undefined],
  ['', euro, undefined],
  ['1,50', euro, undefined],
  ['.5', euro, undefined],
  [Number.NaN, euro, undefined],
  [Number.POSITIVE_INFINITY, euro, undefined],
] as const)('%s of %o is read as %s', (text, currency, amount) => {
  expect(parseAmount(text, currency)).toBe(amount)
})

test('rounding goes half away from zero, so that a refund is as large as its charge', () => {
  expect(divideHalfUp(5n, 2n)).toBe(3n)
  expect(divideHalfUp(-5n, 2n)).toBe(-3n)
  fc.assert(
    fc.property(fc.bigInt(), fc.bigInt({ min: 1n, max: 10n ** 9n }), (numerator, denominator) => {
      const rounded = divideHalfUp(numerator, denominator)
      expect(rounded).toBe(-divideHalfUp(-numerator, denominator))
      const error = rounded * denominator - numerator
      expect((error < 0n ? -error : error) * 2n <= denominator).toBe(true)
    }),
  )
})

test.each([
  ['24', 24_000],
  [8.5, 8_500],
  ['8.125', 8_125],
  ['24.000', 24_000],
  ['8.1255', undefined],
  ['101', undefined],
  ['-1', undefined],
])('percent %s is read as %s', (text, percent) => {
  expect(parsePercent(text)).toBe(percent)
})

test('percents are shown without needless zeros', () => {
  expect([24_000, 8_500, 8_125].map(formatPercent)).toEqual(['24', '8.5', '8.125'])
  expect(percentOf(1999n, 24_000)).toBe(480n)
})
