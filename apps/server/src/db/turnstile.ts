/**
 * Lets at most `places` callers in at a time; the others wait in the order they came. Open transactions hold a
 * connection while their handlers may need another one, so without this a burst could take all and wait for ever.
 */
export interface Turnstile {
  enter(): Promise<void>
  leave(): void
}

export function turnstile(places: number): Turnstile {
  let free = places
  const waiting: (() => void)[] = []
  return {
    async enter() {
      if (free > 0) free--
      else await new Promise<void>(resolve => waiting.push(resolve))
    },
    leave() {
      const next = waiting.shift()
      if (next === undefined) free++
      else next()
    },
  }
}
