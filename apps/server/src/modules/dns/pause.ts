/** A sleep that others can end. A wake while nobody sleeps ends the next sleep at once, so that none is lost. */
export interface Pause {
  forAtMost(milliseconds: number): Promise<void>
  /** Sleeps through wakes. */
  inFull(milliseconds: number): Promise<void>
  wake(): void
  /** Wakes, and lets nobody sleep again. */
  end(): void
  readonly ended: boolean
}

export function createPause(): Pause {
  let woken = false
  let ended = false
  let resume: (() => void) | undefined

  function wake(): void {
    woken = true
    resume?.()
  }
  async function sleep(milliseconds: number, ends: () => boolean): Promise<void> {
    if (ends()) return
    await new Promise<void>(resolve => {
      const timer = setTimeout(resolve, milliseconds)
      resume = () => {
        if (!ends()) return
        clearTimeout(timer)
        resolve()
      }
    })
    resume = undefined
  }

  return {
    async forAtMost(milliseconds) {
      await sleep(milliseconds, () => woken || ended)
      woken = false
    },
    inFull: milliseconds => sleep(milliseconds, () => ended),
    wake,
    end() {
      ended = true
      wake()
    },
    get ended() {
      return ended
    },
  }
}
