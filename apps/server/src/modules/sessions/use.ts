import type { App } from '../../context.ts'
import { allows } from './address-list.ts'
import type { Verified } from './identity-cache.ts'
import { recordTokenUse } from './tokens-store.ts'

const writeEveryMs = 60_000

/** Whether what was verified may be used from an address; asked for each request. */
export function isAllowedFrom({ allowed }: Verified, address: string): boolean {
  for (const list of allowed) if (list.length > 0 && !allows(list, address)) return false
  return true
}

/** Writes down that a personal token is in use: at most once a minute, and nobody waits for it. */
export function noteUse(app: App, verified: Verified, now: number): void {
  const { accountId, tokenId } = verified.identity
  if (tokenId === undefined || now - verified.usedAt < writeEveryMs) return
  verified.usedAt = now
  recordTokenUse(app.db, accountId, tokenId, new Date(now)).catch((error: unknown) =>
    app.log.warn({ err: error }, 'the use of a personal token was not written down'),
  )
}
