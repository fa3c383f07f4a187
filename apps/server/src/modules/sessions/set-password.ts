import type { Context } from '../../context.ts'
import type { Tx } from '../../db/database.ts'
import { notFound } from '../../refusal.ts'
import { announce } from './announce.ts'
import { upsertLogin } from './logins-store.ts'
import { revokeSessionsOfProfile } from './sessions-store.ts'

type Setting = Pick<Context, 'clock' | 'afterCommit' | 'notifications'>

export interface Whose {
  readonly accountId: string
  readonly profileId: string
}

/**
 * Makes a password (hashed by hashPassword) the one of a profile, which signs in with its e-mail address from then
 * on. Every session of it ends, on every node; personal tokens stay. A taken address is the database's 23505.
 */
export async function setPasswordHash(
  ctx: Setting,
  tx: Tx,
  { accountId, profileId, passwordHash }: Whose & { readonly passwordHash: string },
): Promise<void> {
  const at = ctx.clock.now()
  const set = await upsertLogin(tx, accountId, profileId, passwordHash, at)
  if (set === undefined) throw notFound()
  await revokeSessionsOfProfile(tx, profileId, at)
  await announce(tx, `login:${profileId}`, ctx)
}
