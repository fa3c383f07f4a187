import type { Context } from '../../context.ts'
import { randomToken, tokenHash } from '../../secrets.ts'
import { audit } from '../audit/index.ts'
import { addressList, allows } from './address-list.ts'
import { checkPassword } from './check-password.ts'
import type { Keyring } from './keyring.ts'
import { recordSignIn } from './logins-store.ts'
import { insertChallenge } from './mfa-store.ts'
import { lookUpSignInHost } from './sign-in-host.ts'
import { startSession, type TokenPair } from './start-session.ts'

/** What is to be sent to /mfa/verify, with a code, until when. */
export interface Challenge {
  readonly token: string
  readonly expiresAt: Date
}

const challengeSeconds = 300

/** Signs in with user name and password: tokens, or with a second factor on a challenge. */
export async function logIn(
  ctx: Context,
  keyring: Keyring,
  username: string,
  password: string,
): Promise<TokenPair | { readonly challenge: Challenge }> {
  const login = await checkPassword(ctx, username, password, row =>
    allows(addressList(row.allowed_addresses), ctx.address),
  )
  const whose = { accountId: login.account_id, profileId: login.profile_id, email: login.email }
  if (login.totp_secret === null) return completeLogIn(ctx, keyring, whose)

  const challenge = {
    token: randomToken('mfa'),
    expiresAt: new Date(ctx.clock.now().getTime() + challengeSeconds * 1000),
  }
  const tx = await ctx.begin()
  await insertChallenge(tx, whose.profileId, tokenHash(challenge.token), challenge.expiresAt)
  const asked = { event: 'auth.mfa_challenge', description: 'Password right, code asked for' }
  await audit(ctx, tx, { ...asked, accountId: whose.accountId, by: whose })
  return { challenge }
}

/** The last step of every way to sign in. */
export async function completeLogIn(
  ctx: Context,
  keyring: Keyring,
  whose: { readonly accountId: string; readonly profileId: string; readonly email: string },
): Promise<TokenPair> {
  const { accountId, profileId, email } = whose
  const tx = await ctx.begin()
  const tokens = await startSession(ctx, tx, keyring, { accountId, profileId })
  await recordSignIn(tx, profileId, ctx.clock.now(), ctx.address)
  const signedIn = { event: 'auth.login', description: 'Signed in', accountId }
  await audit(ctx, tx, { ...signedIn, by: { email, profileId } })
  ctx.afterCommit(() => lookUpSignInHost(ctx, profileId))
  return tokens
}
