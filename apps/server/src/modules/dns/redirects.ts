import type { App } from '../../context.ts'
import { type RedirectRecord, redirectsOf } from './redirect-store.ts'

/** Where a host name leads; undefined where it is not redirected. */
export type FindRedirect = (host: string) => Promise<RedirectRecord | undefined>

/** Answers kept, most of them of names that somebody only guessed. */
const capacity = 10_000
/** Bounds how long a change may go unnoticed when its notification is lost. */
const keepMilliseconds = 30_000

/** Looks host names up in the table and keeps the answers until a zone changes. */
export async function createRedirects(app: Pick<App, 'db' | 'notifications'>): Promise<FindRedirect> {
  const kept = new Map<string, { readonly record: RedirectRecord | undefined; readonly until: number }>()
  let changes = 0
  const forget = () => {
    changes += 1
    kept.clear()
  }
  await app.notifications.listen('dns', forget)
  app.notifications.onGap(forget)

  return async host => {
    const now = performance.now()
    const known = kept.get(host)
    if (known !== undefined && known.until > now) return known.record
    const before = changes
    const names = candidates(host)
    const found = await redirectsOf(app.db, names)
    const record = names.flatMap(name => found.filter(one => one.name === name))[0]
    // What was read while a zone changed may be from before the change.
    if (before !== changes || !app.notifications.connected()) return record
    for (const oldest of kept.keys()) {
      if (kept.size < capacity) break
      kept.delete(oldest)
    }
    kept.set(host, { record, until: now + keepMilliseconds })
    return record
  }
}

/** The host itself, then the wildcards that cover it, nearest first. */
function candidates(host: string): string[] {
  const labels = host.split('.')
  return [host, ...labels.slice(1).map((_label, at) => `*.${labels.slice(at + 1).join('.')}`)]
}
