import type { ZoneMark } from './publish-store.ts'

/** A zone that waits to be published, by its name: what the table says of the name when its turn comes is what goes out. */
export interface Waiting {
  mark: ZoneMark
  /** When it came, by the clock of the process in milliseconds. */
  readonly since: number
  /** Not tried before, by the same clock. */
  notBefore: number
  attempts: number
  error?: string
}

/** Zones that wait, first come first served but for those whose time has not come. */
export interface WaitingZones {
  add(mark: ZoneMark, now: number): void
  /** The first names whose turn it is. */
  due(now: number, limit: number): Waiting[]
  /** When the next one is due, now at the earliest; undefined where none waits. */
  nextDue(now: number): number | undefined
  published(name: string, now: number, tookMilliseconds: number): void
  failed(name: string, error: string, until: number): void
  entries(): IterableIterator<Waiting>
  readonly size: number
}

/**
 * A zone under steady change is published at most this often, a large one less often: a ninth of the time at most goes
 * into one zone, and it never lags more than half a second for that.
 */
const pauseMilliseconds = { least: 100, most: 500, timesTaken: 8 }

export function createWaitingZones(): WaitingZones {
  const zones = new Map<string, Waiting>()
  /** Until when each name published lately rests. */
  const resting = new Map<string, number>()

  return {
    add(mark, now) {
      const rest = resting.get(mark.name) ?? now
      const known = zones.get(mark.name)
      if (known === undefined) {
        zones.set(mark.name, { mark, since: now, notBefore: Math.max(now, rest), attempts: 0 })
      } else if (known.mark.id !== mark.id || known.mark.version !== mark.version) {
        known.mark = mark
        // A zone that was refused may be mended by the change: it is tried again at once.
        known.notBefore = Math.max(now, rest)
      }
    },
    due(now, limit) {
      const due: Waiting[] = []
      for (const waiting of zones.values()) {
        if (waiting.notBefore <= now) due.push(waiting)
        if (due.length === limit) break
      }
      return due
    },
    nextDue(now) {
      let next: number | undefined
      for (const { notBefore } of zones.values()) {
        if (notBefore <= now) return now
        next = Math.min(next ?? notBefore, notBefore)
      }
      return next
    },
    published(name, now, took) {
      zones.delete(name)
      const pause = Math.min(
        Math.max(took * pauseMilliseconds.timesTaken, pauseMilliseconds.least),
        pauseMilliseconds.most,
      )
      resting.delete(name)
      resting.set(name, now + pause)
      for (const [other, until] of resting) {
        if (until > now) break
        resting.delete(other)
      }
    },
    failed(name, error, until) {
      const waiting = zones.get(name)
      if (waiting === undefined) return
      waiting.attempts += 1
      waiting.error = error
      waiting.notBefore = until
      // Behind the others, so that what fails does not hold them up.
      zones.delete(name)
      zones.set(name, waiting)
    },
    entries: () => zones.values(),
    get size() {
      return zones.size
    },
  }
}
