import type { Context } from '../../context.ts'
import { tokenHash } from '../../secrets.ts'
import { audit } from '../audit/index.ts'
import { announce } from './announce.ts'
import { revokeSessionRow, sessionOfRefreshToken } from './sessions-store.ts'

/** Ends the session a refresh token belongs to. Whoever holds one may; an unknown one ends nothing. */
export async function revokeRefreshToken(ctx: Context, refreshToken: string): Promise<void> {
  const tx = await ctx.begin()
  const session = await sessionOfRefreshToken(tx, tokenHash(refreshToken))
  if (session === undefined) return
  if (!(await revokeSessionRow(tx, session.account_id, session.id, ctx.clock.now()))) return
  await announce(tx, `session:${session.id}`, ctx)
  await audit(ctx, tx, {
    event: 'auth.logout',
    description: 'Signed out by refresh token',
    detail: { session: session.id, profile: session.profile_id },
    accountId: session.account_id,
  })
}
