/** Runs one task after the other, in the order they came; a task that fails does not hold up the next. */
export type Turns = <T>(task: () => Promise<T>) => Promise<T>

export function createTurns(): Turns {
  let last: Promise<unknown> = Promise.resolve()
  return task => {
    const mine = last.then(task)
    last = mine.catch(() => undefined)
    return mine
  }
}
