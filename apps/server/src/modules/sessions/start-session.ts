import { randomUUID } from 'node:crypto'
import type { Context } from '../../context.ts'
import type { Tx } from '../../db/database.ts'
import { randomToken, tokenHash } from '../../secrets.ts'
import type { Keyring } from './keyring.ts'
import { insertRefreshToken, insertSession } from './sessions-store.ts'

/** An access token and the refresh token that follows it. */
export interface TokenPair {
  readonly token: string
  readonly refresh: string
}

/** Begins a session and gives its first tokens. */
export async function startSession(
  ctx: Context,
  tx: Tx,
  keyring: Keyring,
  whose: { readonly accountId: string; readonly profileId: string },
): Promise<TokenPair> {
  const id = randomUUID()
  await insertSession(tx, {
    id,
    ...whose,
    address: ctx.address,
    userAgent: ctx.userAgent,
    createdAt: ctx.clock.now(),
    expiresAt: refreshExpiry(ctx),
  })
  return issueTokens(ctx, tx, keyring, id, whose.profileId)
}

/** Signs an access token of a session and stores the hash of the next refresh token. */
export async function issueTokens(
  ctx: Context,
  tx: Tx,
  keyring: Keyring,
  sessionId: string,
  profileId: string,
): Promise<TokenPair> {
  const refresh = randomToken('rt')
  await insertRefreshToken(tx, {
    hash: tokenHash(refresh),
    sessionId,
    createdAt: ctx.clock.now(),
    expiresAt: refreshExpiry(ctx),
  })
  return { token: keyring.sign({ profileId, sessionId }), refresh }
}

export function refreshExpiry({ clock, config }: Pick<Context, 'clock' | 'config'>): Date {
  return new Date(clock.now().getTime() + config.refreshTokenSeconds * 1000)
}
