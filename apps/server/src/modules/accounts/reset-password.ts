import type { Context } from '../../context.ts'
import { badField } from '../../refusal.ts'
import { randomToken, tokenHash } from '../../secrets.ts'
import { audit } from '../audit/index.ts'
import { sendMail } from '../mail/index.ts'
import { hashPassword, limitAttempts, setPasswordHash } from '../sessions/index.ts'
import { insertPasswordReset, isPasswordReset, loginByEmail, takePasswordReset } from './store.ts'

const validForMilliseconds = 60 * 60_000

/** Mails a link to whoever signs in with this address. The answer tells nobody whether there is such a person. */
export async function requestPasswordReset(ctx: Context, email: string): Promise<void> {
  const address = email.trim().toLowerCase()
  await limitAttempts(ctx, `reset:${address}`)
  const login = await loginByEmail(ctx.db, address)
  const tx = await ctx.begin()
  if (login === undefined) return
  const token = randomToken('ikr')
  const at = ctx.clock.now()
  await insertPasswordReset(tx, {
    hash: tokenHash(token),
    profileId: login.profile_id,
    at,
    expiresAt: new Date(at.getTime() + validForMilliseconds),
  })
  await sendMail(ctx, tx, {
    to: login.email,
    subject: `Your password at ${ctx.config.brandName}`,
    text: [
      `Somebody, hopefully you, asked for a new password at ${ctx.config.brandName}.`,
      '',
      'To set it, send this token with the new password within an hour, as `token` and `password`:',
      '',
      token,
      '',
      `to ${ctx.config.publicUrl}/api/passwordreset`,
      '',
      'If it was not you, nothing has changed, and you need do nothing.',
    ].join('\n'),
  })
  await audit(ctx, tx, {
    event: 'account.password_reset_sent',
    description: 'Password reset asked for',
    accountId: login.account_id,
  })
}

/** Sets a new password with a token from the mail; every session of the person ends. */
export async function resetPassword(ctx: Context, token: string, password: string): Promise<void> {
  const hash = tokenHash(token)
  // Asked before the slow hash: whoever invents tokens does not make us compute.
  if (!(await isPasswordReset(ctx.db, hash, ctx.clock.now()))) throw badField('token', 'field_format_error')
  const passwordHash = await hashPassword(password)
  const tx = await ctx.begin()
  const taken = await takePasswordReset(tx, hash, ctx.clock.now())
  if (taken === undefined) throw badField('token', 'field_format_error')
  await setPasswordHash(ctx, tx, { accountId: taken.account_id, profileId: taken.profile_id, passwordHash })
  await audit(ctx, tx, {
    event: 'account.password_reset',
    description: 'Password set with a mailed token',
    accountId: taken.account_id,
  })
}
