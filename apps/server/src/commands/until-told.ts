interface Stoppable {
  stop(): Promise<void>
}

/** What is left of the five seconds a stop may take when parts hang. */
const lastResortMilliseconds = 4800

/**
 * Starts something, says so, and stops it at SIGTERM or SIGINT, also when the signal comes during the start. A second
 * signal ends the process at once.
 */
export async function untilTold<T extends Stoppable>(
  start: () => Promise<T>,
  ready: (started: T) => void,
): Promise<void> {
  let told = false
  const signal = new Promise<void>(resolve => {
    const hear = () => {
      if (told) process.exit(130)
      told = true
      setTimeout(() => process.exit(1), lastResortMilliseconds).unref()
      resolve()
    }
    process.on('SIGTERM', hear)
    process.on('SIGINT', hear)
  })
  const started = await start()
  if (!told) ready(started)
  await signal
  await started.stop()
}
