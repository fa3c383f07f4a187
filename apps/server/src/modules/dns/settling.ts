/** Those who wait until what was committed before they came is published. */
export interface Settling {
  wait(triesAreEnough: boolean): Promise<void>
  /** A read of the table begins; what it finds is known to those who came before it. */
  reading(): void
  /** After a turn of publishing: whether nothing waits any more, and whether all that waits was tried. */
  turned(state: { readonly done: boolean; allTried(): boolean }): void
  /** For now nothing can be published: who waits for tries only has waited enough. */
  stuck(): void
  end(): void
}

interface Waiter {
  /** Only a read after this one knows all that was committed before the waiter came. */
  readonly after: number
  readonly triesAreEnough: boolean
  resolve(): void
  reject(error: Error): void
}

export function createSettling(): Settling {
  const waiters = new Set<Waiter>()
  let reads = 0
  let ended = false

  function resolve(which: (waiter: Waiter) => boolean): void {
    for (const waiter of [...waiters].filter(which)) {
      waiters.delete(waiter)
      waiter.resolve()
    }
  }
  return {
    wait(triesAreEnough) {
      if (ended) return Promise.reject(closed())
      return new Promise((resolve, reject) => waiters.add({ after: reads, triesAreEnough, resolve, reject }))
    },
    reading() {
      reads += 1
    },
    turned({ done, allTried }) {
      if (waiters.size === 0) return
      const enough = done || allTried()
      resolve(waiter => waiter.after < reads && (done || (waiter.triesAreEnough && enough)))
    },
    stuck: () => resolve(waiter => waiter.triesAreEnough),
    end() {
      ended = true
      for (const waiter of waiters) waiter.reject(closed())
      waiters.clear()
    },
  }
}

function closed(): Error {
  return new Error('the follower is closed')
}
