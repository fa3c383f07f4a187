import type { Context } from '../../context.ts'
import { audit } from '../audit/index.ts'
import { hashPassword, setPasswordHash } from '../sessions/index.ts'
import { unlessEmailTaken } from './email-taken.ts'
import { type PersonChange, readEmail } from './person.ts'
import { insertAccount, insertProfile } from './store.ts'

export interface NewAccount {
  readonly email: string
  readonly password: string
  readonly person: PersonChange
}

/** Opens an account with its owner, who can sign in at once. An address in use is refused by the database. */
export async function createAccount(
  ctx: Context,
  account: NewAccount,
): Promise<{ accountId: string; profileId: string }> {
  const email = readEmail(account.email)
  const passwordHash = await hashPassword(account.password)
  const tx = await ctx.begin()
  const at = ctx.clock.now()
  const accountId = await insertAccount(tx, at)
  const profileId = await insertProfile(tx, {
    accountId,
    owner: true,
    email,
    person: account.person,
    privileges: {},
    at,
  })
  await unlessEmailTaken(setPasswordHash(ctx, tx, { accountId, profileId, passwordHash }))
  if ((account.person.vateu ?? '') !== '') await ctx.effects.buyerChanged(ctx, tx, accountId)
  await audit(ctx, tx, { event: 'account.create', description: `Account opened for ${email}`, accountId })
  return { accountId, profileId }
}
