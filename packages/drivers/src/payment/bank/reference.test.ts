import fc from 'fast-check'
import { expect, test } from 'vitest'
import { creditorReference, printedReference, referencedNumbers } from './reference.ts'

const anyNumber = fc.stringMatching(/^[1-9]\d{0,17}$/)

test('the example of the standard has its check digits', () => {
  expect(creditorReference('539007547034')).toBe('RF18539007547034')
  expect(printedReference('RF18539007547034')).toBe('RF18 5390 0754 7034')
})

test('every number is found again in its reference, printed or not, inside any sentence', () => {
  fc.assert(
    fc.property(anyNumber, number => {
      const reference = creditorReference(number)
      for (const text of [reference, printedReference(reference), `for ${reference.toLowerCase()}, thanks`]) {
        expect(referencedNumbers(text)).toEqual([number])
      }
    }),
  )
})

test('one wrong digit, or two exchanged, make it no reference of another invoice', () => {
  fc.assert(
    fc.property(anyNumber, fc.nat(), fc.integer({ min: 1, max: 9 }), (number, place, by) => {
      const reference = creditorReference(number)
      const at = 4 + (place % number.length)
      const digit = (Number(reference[at]) + by) % 10
      expect(referencedNumbers(reference.slice(0, at) + digit + reference.slice(at + 1))).not.toContain(number)
      const swapped = reference.slice(0, at) + (reference[at + 1] ?? '') + reference[at] + reference.slice(at + 2)
      if (swapped !== reference) expect(referencedNumbers(swapped)).toEqual([])
    }),
  )
})

test.each([
  ['digits that belong to something else', `${printedReference(creditorReference('5001'))} 2026`, ['5001']],
  ['two invoices in one transfer', `${creditorReference('5001')} ${creditorReference('5002')}`, ['5001', '5002']],
  ['no reference at all', 'thanks, 2026/10/4', []],
  ['wrong check digits', 'RF00 5001', []],
])('finds what is meant: %s', (_what, text, numbers) => {
  expect(referencedNumbers(text)).toEqual(numbers)
})
