import type { Context } from '../../context.ts'
import { Refusal } from '../../refusal.ts'
import { randomToken, tokenHash } from '../../secrets.ts'
import { audit } from '../audit/index.ts'
import { isPassword, networkOf, passwordSlot, takeAttempt } from '../sessions/index.ts'
import { findSignIn } from './members-store.ts'
import { type NewSecondFactor, newSecondFactor } from './second-factor.ts'
import { isKnownNetwork, networksKnownSince } from './staff-networks-store.ts'
import { insertStaffSession } from './staff-sessions-store.ts'

export interface StaffChallenge {
  readonly token: string
  readonly expiresAt: Date
  /** The password was given out for one use: another has to come with the code. */
  readonly needsPassword: boolean
  /** There is no second factor yet: this one has to be set up. */
  readonly setup: NewSecondFactor | undefined
}

const challengeSeconds = 300

/**
 * The first half of signing in. Unknown, disabled and wrong password are told apart by nothing, not even by the time it
 * takes; attempts are counted as customers' are, in buckets of their own. From where somebody has signed in before, they are
 * counted apart: whoever knows no more than the address of somebody cannot keep them out from there.
 */
export async function logIn(ctx: Context, username: string, password: string): Promise<StaffChallenge> {
  const email = username.trim().toLowerCase()
  const { attempt, member } = await passwordSlot(async () => {
    const attempt = await takeAttempt(ctx, { bucket: await bucketOf(ctx, email), limit: 5 }, ctx.address)
    const found = await findSignIn(ctx.db, { email })
    const right = await isPassword(found?.password_hash, password)
    const member = right ? found : undefined
    if (member !== undefined) await attempt.succeeded()
    return { attempt, member }
  })
  if (member === undefined) {
    const failed = { event: 'staff.login_failed', description: 'Failed attempt of staff to sign in', accountId: null }
    await ctx.db.transaction().execute(tx => audit(ctx, tx, failed))
    throw new Refusal('wronglogin', { headers: attempt.headers })
  }

  const at = ctx.clock.now()
  const token = randomToken('ikc')
  const expiresAt = new Date(at.getTime() + challengeSeconds * 1000)
  const setup = member.totp_secret === null ? newSecondFactor(ctx, member.email) : undefined
  const tx = await ctx.begin()
  await insertStaffSession(tx, {
    hash: tokenHash(token),
    staffId: member.id,
    address: ctx.address,
    at,
    expiresAt,
    proven: false,
    totpSecret: setup?.sealed ?? null,
  })
  await audit(sceneOf(ctx, member), tx, {
    event: 'staff.challenge',
    description: 'Password right, code asked for',
    accountId: null,
  })
  return { token, expiresAt, needsPassword: member.password_once, setup }
}

/** Apart from customers' buckets: a customer who tries the address of somebody of the staff shuts them out of nothing. */
async function bucketOf(
  { db, secrets, clock, address }: Pick<Context, 'db' | 'secrets' | 'clock' | 'address'>,
  email: string,
): Promise<string> {
  const bucket = `staff:${secrets.mac('attempt', email).toString('base64url')}`
  const network = networkOf(address)
  return (await isKnownNetwork(db, email, network, networksKnownSince(clock.now()))) ? `${bucket}@${network}` : bucket
}

/** What the audit trail notes of a request whose sender is only becoming known. */
export function sceneOf(
  { clock, address, requestId }: Context,
  { id, email }: { readonly id: string; readonly email: string },
) {
  return { clock, address, requestId, by: { name: email, staffId: id } }
}
