/** Set while a server as a whole is not asked: since when it fails, why, and until when it is left alone. */
export interface Outage {
  readonly since: Date
  readonly error: string
  /** By the clock of the process, in milliseconds. */
  readonly until: number
}

/** Tells a server that is down from a zone it does not take. */
export interface OutageWatch {
  answered(): void
  /** `at`: for people; `now`: the clock of the process. */
  unanswered(error: string, at: Date, now: number): void
  current(): Outage | undefined
  resting(now: number): boolean
}

/** After so many zones in a row that the server did not answer for, it is the server and not the zones. */
const outageAfter = 3

/** How long to wait after so many attempts without an answer: soon enough to notice that it is back. */
export function unansweredDelay(attempts: number): number {
  return Math.min(250 * 2 ** Math.min(attempts, 10), 5_000)
}

export function createOutageWatch(): OutageWatch {
  let unanswered = 0
  let outage: Outage | undefined
  return {
    answered() {
      unanswered = 0
      outage = undefined
    },
    unanswered(error, at, now) {
      unanswered += 1
      if (unanswered < outageAfter) return
      outage = { since: outage?.since ?? at, error, until: now + unansweredDelay(unanswered - outageAfter) }
    },
    current: () => outage,
    resting: now => outage !== undefined && now < outage.until,
  }
}
