/** Runs tasks that are told when their time is up, or when all is to end. */
export interface Deadlines {
  /** The signal aborts after so long; the task is to reject then. */
  within<T>(milliseconds: number, task: (signal: AbortSignal) => Promise<T>): Promise<T>
  /** Aborts what runs and what is begun later. */
  end(): void
}

/** By hand rather than by AbortSignal.any, which keeps every signal of the past in Node 20. */
export function createDeadlines(): Deadlines {
  const open = new Set<AbortController>()
  let ended = false
  return {
    async within(milliseconds, task) {
      const controller = new AbortController()
      if (ended) controller.abort()
      const timer = setTimeout(() => controller.abort(), milliseconds)
      open.add(controller)
      try {
        return await task(controller.signal)
      } finally {
        clearTimeout(timer)
        open.delete(controller)
      }
    },
    end() {
      ended = true
      for (const controller of open) controller.abort()
    },
  }
}
