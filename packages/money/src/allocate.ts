import type { Minor } from './amount.ts'

/**
 * Shares a total out in proportion to weights so that the shares sum to it: each is rounded down, and what is left goes
 * unit by unit to the largest remainders, the first of equals first. All shares are 0 where the weights sum to 0.
 */
export function allocate(total: Minor, weights: readonly bigint[]): Minor[] {
  const sum = weights.reduce((a, b) => a + b, 0n)
  if (sum === 0n) return weights.map(() => 0n)
  const exact = weights.map(weight => divideDown(total * weight, sum))
  const left = total - exact.reduce((a, { quotient }) => a + quotient, 0n)
  const luckiest = exact
    .map(({ remainder }, index) => ({ remainder, index }))
    .sort((a, b) => (a.remainder === b.remainder ? a.index - b.index : a.remainder > b.remainder ? -1 : 1))
    .slice(0, Number(left))
  const shares = exact.map(({ quotient }) => quotient)
  for (const { index } of luckiest) shares[index] = (shares[index] ?? 0n) + 1n
  return shares
}

/** Towards minus infinity; BigInt's own division goes towards 0. The remainder counts parts of |divisor|. */
function divideDown(dividend: bigint, divisor: bigint): { quotient: bigint; remainder: bigint } {
  const sign = divisor < 0n ? -1n : 1n
  const [above, below] = [dividend * sign, divisor * sign]
  const remainder = ((above % below) + below) % below
  return { quotient: (above - remainder) / below, remainder }
}
