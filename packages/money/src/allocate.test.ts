import fc from 'fast-check'
import { expect, test } from 'vitest'
import { allocate } from './allocate.ts'
import { sum } from './amount.ts'

const amount = fc.bigInt({ min: -(10n ** 9n), max: 10n ** 9n })

test('shares sum to the total, and none is more than a unit off its exact part', () => {
  fc.assert(
    fc.property(amount, fc.array(amount, { minLength: 1, maxLength: 30 }), (total, weights) => {
      const whole = sum(weights)
      fc.pre(whole !== 0n)
      const shares = allocate(total, weights)
      expect(sum(shares)).toBe(total)
      for (const [index, share] of shares.entries()) {
        const off = share * whole - total * (weights[index] ?? 0n)
        expect(off < 0n ? -off : off).toBeLessThan(whole < 0n ? -whole : whole)
      }
    }),
  )
})

test('what is left over goes to the largest remainders, the first of equals first', () => {
  expect(allocate(10n, [1n, 1n, 1n])).toEqual([4n, 3n, 3n])
  expect(allocate(100n, [1n, 2n, 4n])).toEqual([14n, 29n, 57n])
  expect(allocate(5n, [0n, 0n])).toEqual([0n, 0n])
})
