import type { Context } from '../../context.ts'
import { notFound } from '../../refusal.ts'
import { audit } from '../audit/index.ts'
import { hashPassword } from '../sessions/index.ts'
import { onetimePassword } from './create-member.ts'
import type { FirstSignIn } from './member.ts'
import { replaceSignIn } from './members-store.ts'
import { newSecondFactor } from './second-factor.ts'
import { forgetNetworks } from './staff-networks-store.ts'
import { revokeStaffSessions } from './staff-sessions-store.ts'

/** Gives somebody a new password for one use and a new second factor, and ends their sessions. */
export async function resetSignIn(
  ctx: Context,
  whose: { readonly id: string; readonly email: string },
): Promise<FirstSignIn> {
  const password = onetimePassword()
  const passwordHash = await hashPassword(password)
  const { uri: totpUri, sealed: totpSecret } = newSecondFactor(ctx, whose.email)
  const tx = await ctx.begin()
  if (!(await replaceSignIn(tx, whose.id, { passwordHash, totpSecret }))) throw notFound()
  await revokeStaffSessions(tx, whose.id, ctx.clock.now())
  await forgetNetworks(tx, whose.id)
  await audit(ctx, tx, {
    event: 'staff.reset',
    description: `Gave ${whose.email} a new password and second factor`,
    detail: { staff: whose.id },
    accountId: null,
  })
  return { password, totpUri }
}
