/** Numbers that look random, the same for the same seed: a simulation that went wrong can be had again. */
export interface Random {
  /** From 0, below 1. */
  next(): number
  /** A whole number from 0, below the bound. */
  below(bound: number): number
  chance(probability: number): boolean
  one<T>(of: readonly T[]): T
}

/** The generator of Numerical Recipes: enough for customers' moods. */
export function randomFrom(seed: number): Random {
  let state = seed >>> 0
  const next = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
  const below = (bound: number) => Math.floor(next() * bound)
  return {
    next,
    below,
    chance: probability => next() < probability,
    one<T>(of: readonly T[]) {
      const found = of[below(of.length)]
      if (found === undefined) throw new Error('nothing to choose from')
      return found
    },
  }
}
