import type { SignedInContext } from '../../context.ts'
import { audit } from '../audit/index.ts'
import { announce } from './announce.ts'
import { revokeSessionRow } from './sessions-store.ts'

/** Ends the session of the caller. With Basic or a personal token there is none, and nothing to do. */
export async function logOut(ctx: SignedInContext): Promise<void> {
  const { accountId, sessionId } = ctx.identity
  if (sessionId === undefined) return
  const tx = await ctx.begin()
  if (!(await revokeSessionRow(tx, accountId, sessionId, ctx.clock.now()))) return
  await announce(tx, `session:${sessionId}`, ctx)
  await audit(ctx, tx, { event: 'auth.logout', description: 'Signed out', accountId })
}
