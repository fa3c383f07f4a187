import type { SignedInContext } from '../../context.ts'
import { notFound } from '../../refusal.ts'
import { audit } from '../audit/index.ts'
import { announce } from './announce.ts'
import { refuseTokens } from './create-token.ts'
import { revokeTokenRow } from './tokens-store.ts'

/** Revokes a personal token of the caller, on every node. */
export async function deleteToken(ctx: SignedInContext, id: string): Promise<void> {
  const { accountId, profileId } = ctx.identity
  refuseTokens(ctx)
  const tx = await ctx.begin()
  const name = await revokeTokenRow(tx, accountId, profileId, id, ctx.clock.now())
  if (name === undefined) throw notFound()
  await announce(tx, `token:${id}`, ctx)
  await audit(ctx, tx, {
    event: 'token.delete',
    description: `Personal token ${name} deleted`,
    detail: { token: id },
    accountId,
  })
}
