import type { Clock } from '../../clock.ts'
import type { App } from '../../context.ts'
import { readAhead } from './clock-store.ts'

/**
 * The clock of money (docs/decisions/0011): the wall clock, or in test mode that much ahead of it as the row that all
 * nodes share says. A node hears of a move by notification, and reads the row anew where it may have missed one.
 */
export async function openBusinessClock(
  app: Pick<App, 'config' | 'db' | 'notifications' | 'clock' | 'log'>,
): Promise<Clock> {
  const { clock, db, notifications, log } = app
  if (!app.config.testMode) return clock
  let ahead = 0
  const learn = (milliseconds: number) => {
    ahead = Math.max(ahead, milliseconds) // an older notification that comes late moves nothing back
  }
  notifications.onGap(() => {
    readAhead(db).then(learn, error => log.warn({ err: error }, 'could not read the business clock'))
  })
  await notifications.listen('clock', payload => learn(Number(payload)))
  learn(await readAhead(db))
  return { now: () => new Date(clock.now().getTime() + ahead) }
}
