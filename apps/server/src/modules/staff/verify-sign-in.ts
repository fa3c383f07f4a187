import type { Context, StaffIdentity } from '../../context.ts'
import { badField, Refusal } from '../../refusal.ts'
import { randomToken, tokenHash } from '../../secrets.ts'
import { audit } from '../audit/index.ts'
import { codeBucket, hashPassword, isPassword, networkOf, passwordSlot, takeAttempt } from '../sessions/index.ts'
import { sceneOf } from './log-in.ts'
import { findSignIn, keepSecondFactor, updatePassword, useStep } from './members-store.ts'
import { stepOfStaffCode } from './second-factor.ts'
import { keepNetwork } from './staff-networks-store.ts'
import { attemptStaffChallenge, deleteStaffChallenge, insertStaffSession } from './staff-sessions-store.ts'

/** Tokens of the staff start with this, so that they are told from every token of customers. */
export const staffTokenPrefix = 'iks'

const sessionSeconds = 12 * 3600
const attemptsPerChallenge = 5

export interface Answered {
  readonly challenge: string
  readonly code: string
  readonly password?: string | undefined
}

/** The second half of signing in: the code of the second factor, and a new password where one is needed. */
export async function verifySignIn(
  ctx: Context,
  { challenge, code, password }: Answered,
): Promise<{ token: string; staff: StaffIdentity }> {
  const challengeHash = tokenHash(challenge)
  const at = ctx.clock.now()
  const asked = await attemptStaffChallenge(ctx.db, challengeHash, at, attemptsPerChallenge)
  const member = asked === undefined ? undefined : await findSignIn(ctx.db, { id: asked.staff_id })
  if (asked === undefined || member === undefined) throw new Refusal('unauthorized')
  if (member.password_once && password === undefined) throw badField('password', 'field_empty_error')
  const scene = sceneOf(ctx, member)
  const attempt = await takeAttempt(ctx, codeBucket(`staff:${member.id}`), ctx.address)
  const sealed = asked.totp_secret ?? member.totp_secret
  const step = sealed === null ? undefined : stepOfStaffCode(ctx, sealed, code)
  if (step !== undefined) {
    const passwordHash = member.password_once && password !== undefined ? await newHash(member, password) : undefined
    const tx = await ctx.begin()
    const kept = asked.totp_secret === null || (await keepSecondFactor(tx, member.id, asked.totp_secret))
    if (kept && (await useStep(tx, member, step, at)) && (await deleteStaffChallenge(tx, challengeHash))) {
      await attempt.succeeded()
      if (passwordHash !== undefined) await updatePassword(tx, member.id, passwordHash)
      const token = randomToken(staffTokenPrefix)
      const sessionHash = tokenHash(token)
      const expiresAt = new Date(at.getTime() + sessionSeconds * 1000)
      await insertStaffSession(tx, {
        hash: sessionHash,
        staffId: member.id,
        address: ctx.address,
        at,
        expiresAt,
        proven: true,
        totpSecret: null,
      })
      await keepNetwork(tx, member.id, networkOf(ctx.address), at)
      await audit(scene, tx, { event: 'staff.login', description: 'Signed in', accountId: null })
      const { id: staffId, email, name, role } = member
      return { token, staff: { staffId, email, name, role, sessionHash, expiresAt } }
    }
  }
  const failed = { event: 'staff.mfa_failed', description: 'Wrong code of the second factor', accountId: null }
  await ctx.db.transaction().execute(tx => audit(scene, tx, failed))
  throw new Refusal('mfa_invalid_code', { headers: attempt.headers })
}

/** The hash of a password that is not the one given out. */
async function newHash({ password_hash }: { readonly password_hash: string }, password: string): Promise<string> {
  if (await passwordSlot(() => isPassword(password_hash, password))) throw badField('password', 'field_format_error')
  return hashPassword(password)
}
