import type { App } from '../../context.ts'
import { sendZoneNews } from './publish-store.ts'

/** Tells every node that some zone changed; which one, they read in the table. */
export interface ZoneNotifier {
  changed(): void
}

/**
 * Sends the news after the commit, not in it: a transaction with a NOTIFY takes a lock that all such commits of the
 * cluster queue for. A burst of changes is one notification every `milliseconds`; one that is lost costs nothing but
 * time, as followers also look by themselves.
 */
export function createZoneNotifier(app: Pick<App, 'db' | 'log'>, milliseconds = 20): ZoneNotifier {
  let pause: NodeJS.Timeout | undefined
  let again = false

  function send(): void {
    again = false
    pause = setTimeout(() => {
      pause = undefined
      if (again) send()
    }, milliseconds)
    pause.unref()
    sendZoneNews(app.db).catch(error => app.log.warn({ err: error }, 'dns notification not sent'))
  }

  return {
    changed() {
      if (pause === undefined) send()
      else again = true
    },
  }
}
