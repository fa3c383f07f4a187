import type { Context } from '../../context.ts'
import { Refusal } from '../../refusal.ts'
import { tokenHash } from '../../secrets.ts'
import { audit } from '../audit/index.ts'
import { addressList, allows } from './address-list.ts'
import { announce } from './announce.ts'
import type { Keyring } from './keyring.ts'
import { extendSession, revokeSessionRow, sessionOfRefreshToken, useRefreshToken } from './sessions-store.ts'
import { issueTokens, refreshExpiry, type TokenPair } from './start-session.ts'

/**
 * Exchanges a refresh token for a new pair. A token that was used before is in two hands, and nobody can tell whose are
 * the thief's: the session ends (RFC 9700 section 4.14.2). There is no grace for a client that sends one twice at
 * once; such a client has an Idempotency-Key.
 */
export async function refreshSession(ctx: Context, keyring: Keyring, refreshToken: string): Promise<TokenPair> {
  const hash = tokenHash(refreshToken)
  const tx = await ctx.begin()
  const session = await useRefreshToken(tx, hash, ctx.clock.now())
  if (session === undefined) {
    await endIfReused(ctx, hash)
    throw new Refusal('unauthorized')
  }
  // Rolled back with the refusal, so the token is still good where it may be used.
  if (!allows(addressList(session.allowed_addresses), ctx.address)) throw new Refusal('unauthorized')
  await extendSession(tx, session.account_id, session.id, refreshExpiry(ctx))
  await audit(ctx, tx, {
    event: 'auth.refresh',
    description: 'Stayed signed in',
    detail: { session: session.id, profile: session.profile_id },
    accountId: session.account_id,
  })
  return issueTokens(ctx, tx, keyring, session.id, session.profile_id)
}

/** In a transaction of its own: that of the request is rolled back with the refusal. */
async function endIfReused(ctx: Context, hash: Buffer): Promise<void> {
  const session = await sessionOfRefreshToken(ctx.db, hash)
  if (session === undefined || session.used_at === null) return
  await ctx.db.transaction().execute(async tx => {
    if (!(await revokeSessionRow(tx, session.account_id, session.id, ctx.clock.now()))) return
    await announce(tx, `session:${session.id}`)
    await audit(ctx, tx, {
      event: 'auth.refresh_reuse',
      description: 'A refresh token was used twice; its session was ended',
      detail: { session: session.id, profile: session.profile_id },
      accountId: session.account_id,
    })
  })
  ctx.notifications.deliver('auth', `session:${session.id}`)
}
