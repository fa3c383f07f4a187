import fc from 'fast-check'
import { expect, test } from 'vitest'
import { nextSerial, serialGreater } from './serial.ts'

const serial = fc.oneof(fc.integer({ min: 0, max: 2 ** 32 - 1 }), fc.constantFrom(0, 1, 2 ** 31, 2 ** 32 - 1))

test('the next serial is always newer, in range and never 0', () => {
  fc.assert(
    fc.property(serial, current => {
      const next = nextSerial(current)
      expect(serialGreater(next, current)).toBe(true)
      expect(next).toBeGreaterThan(0)
      expect(next).toBeLessThan(2 ** 32)
    }),
  )
})

test('of two serials at most one is newer, and one is unless they are equal or opposite', () => {
  fc.assert(
    fc.property(serial, serial, (a, b) => {
      const newer = Number(serialGreater(a, b)) + Number(serialGreater(b, a))
      expect(newer).toBe(a === b || Math.abs(a - b) === 2 ** 31 ? 0 : 1)
    }),
  )
})

test('any step below 2^31 makes a newer serial', () => {
  fc.assert(
    fc.property(serial, fc.integer({ min: 1, max: 2 ** 31 - 1 }), (a, step) => {
      expect(serialGreater((a + step) % 2 ** 32, a)).toBe(true)
    }),
  )
})

test('the last serial is followed by 1', () => {
  expect(nextSerial(2 ** 32 - 1)).toBe(1)
})
