import type { Context } from '../../context.ts'
import type { Tx } from '../../db/database.ts'
import { notifyAuth } from './sessions-store.ts'

/** What is stale: everything of an account, a profile, a session or a token; or the signing keys. */
export type Stale = `account:${string}` | `login:${string}` | `session:${string}` | `token:${string}` | 'keys'

/**
 * Tells every node, once the transaction commits, to forget what it verified. With a context this node forgets at the
 * commit itself: whoever is answered "signed out" finds it true with the next request.
 */
export async function announce(
  tx: Tx,
  stale: Stale,
  ctx?: Pick<Context, 'afterCommit' | 'notifications'>,
): Promise<void> {
  await notifyAuth(tx, stale)
  ctx?.afterCommit(() => ctx.notifications.deliver('auth', stale))
}

/**
 * For other modules: something changed that cached identities are made of (privileges, e-mail, status, allowed addresses),
 * of one profile or of a whole account.
 */
export async function identityChanged(
  ctx: Pick<Context, 'afterCommit' | 'notifications'>,
  tx: Tx,
  whose: { readonly profileId: string } | { readonly accountId: string },
): Promise<void> {
  await announce(tx, 'profileId' in whose ? `login:${whose.profileId}` : `account:${whose.accountId}`, ctx)
}
