/** Runs at most `running` pieces of work at once and lets at most `waiting` more wait; beyond that `overload` is thrown. */
export function slots(running: number, waiting: number, overload: () => Error) {
  const queue: (() => void)[] = []
  let free = running
  return async <T>(work: () => Promise<T>): Promise<T> => {
    if (free > 0) free--
    else {
      if (queue.length >= waiting) throw overload()
      await new Promise<void>(resolve => queue.push(resolve)) // its slot is handed over, so `free` stays
    }
    try {
      return await work()
    } finally {
      const next = queue.shift()
      if (next === undefined) free++
      else next()
    }
  }
}
