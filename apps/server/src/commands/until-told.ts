interface Stoppable {
  stop(): Promise<void>
}

/** What is left of the five seconds a stop may take when parts hang. */
const lastResortMilliseconds = 4800
/** One Ctrl-C may arrive twice: from the terminal, and passed on by npm. */
const sameSignalMilliseconds = 500
const orphanCheckMilliseconds = 250

/**
 * Starts something, says so, and stops it at SIGTERM or SIGINT, also when the signal comes during the start. A second
 * signal ends the process at once.
 */
export async function untilTold<T extends Stoppable>(
  start: () => Promise<T>,
  ready: (started: T) => void,
): Promise<void> {
  let told = Number.POSITIVE_INFINITY
  const signal = new Promise<void>(resolve => {
    const stop = () => {
      told = performance.now()
      setTimeout(() => process.exit(1), lastResortMilliseconds).unref()
      resolve()
    }
    const hear = () => {
      if (told === Number.POSITIVE_INFINITY) stop()
      else if (performance.now() - told > sameSignalMilliseconds) process.exit(130)
    }
    process.on('SIGTERM', hear)
    process.on('SIGINT', hear)
    if (process.env.npm_lifecycle_event !== undefined) {
      whenOrphaned(() => {
        if (told === Number.POSITIVE_INFINITY) stop()
      })
    }
  })
  const started = await start()
  if (told === Number.POSITIVE_INFINITY) ready(started)
  await signal
  await started.stop()
}

/** npm that is ended by a signal does not pass it on: whoever stops `npm start` means what it started. */
function whenOrphaned(stop: () => void): void {
  const parent = process.ppid
  const timer = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(timer)
    stop()
  }, orphanCheckMilliseconds)
  timer.unref()
}
