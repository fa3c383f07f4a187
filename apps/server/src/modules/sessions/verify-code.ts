import type { Context } from '../../context.ts'
import { Refusal } from '../../refusal.ts'
import { tokenHash } from '../../secrets.ts'
import { audit } from '../audit/index.ts'
import { addressList, allows } from './address-list.ts'
import type { Keyring } from './keyring.ts'
import { completeLogIn } from './log-in.ts'
import { attemptChallenge, deleteChallenge, findSecondFactor, useTotpStep } from './mfa-store.ts'
import { stepOfCode } from './second-factor.ts'
import type { TokenPair } from './start-session.ts'
import { codeBucket, takeAttempt } from './throttle.ts'

const attemptsPerChallenge = 5

/**
 * Finishes signing in with a code. Attempts are counted for the challenge and, over all of them, for the profile: who
 * has the password could otherwise ask for challenges until a guess is right.
 */
export async function verifyCode(ctx: Context, keyring: Keyring, challenge: string, code: string): Promise<TokenPair> {
  const hash = tokenHash(challenge)
  const profileId = await attemptChallenge(ctx.db, hash, ctx.clock.now(), attemptsPerChallenge)
  const login = profileId === undefined ? undefined : await findSecondFactor(ctx.db, profileId)
  if (login === undefined || !allows(addressList(login.allowed_addresses), ctx.address))
    throw new Refusal('unauthorized')
  const attempt = await takeAttempt(ctx, codeBucket(login.profile_id), ctx.address)
  const { account_id: accountId, email } = login
  const step = login.totp_secret === null ? undefined : stepOfCode(ctx, login.profile_id, login.totp_secret, code)
  if (step !== undefined) {
    const tx = await ctx.begin()
    const first = await useTotpStep(tx, accountId, login.profile_id, step)
    if (first && (await deleteChallenge(tx, hash))) {
      await attempt.succeeded()
      return completeLogIn(ctx, keyring, { accountId, profileId: login.profile_id, email })
    }
  }
  const failed = { event: 'auth.mfa_failed', description: 'Wrong code of the second factor', accountId }
  const by = { email, profileId: login.profile_id }
  await ctx.db.transaction().execute(tx => audit(ctx, tx, { ...failed, by }))
  throw new Refusal('mfa_invalid_code', { headers: attempt.headers })
}
