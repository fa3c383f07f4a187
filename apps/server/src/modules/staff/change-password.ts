import type { StaffContext } from '../../context.ts'
import { Refusal } from '../../refusal.ts'
import { audit } from '../audit/index.ts'
import { codeBucket, hashPassword, isPassword, passwordSlot, takeAttempt } from '../sessions/index.ts'
import { findSignIn, updatePassword } from './members-store.ts'
import { revokeStaffSessions } from './staff-sessions-store.ts'

/** Changes one's own password. Whoever only has the token cannot: the present password is asked for, and counted. */
export async function changePassword(ctx: StaffContext, present: string, wanted: string): Promise<void> {
  const { staffId, sessionHash } = ctx.staff
  const attempt = await takeAttempt(ctx, codeBucket(`staff-password:${staffId}`), ctx.address)
  const found = await findSignIn(ctx.db, { id: staffId })
  if (!(await passwordSlot(() => isPassword(found?.password_hash, present))))
    throw new Refusal('wronglogin', { headers: attempt.headers })
  await attempt.succeeded()
  const passwordHash = await hashPassword(wanted)
  const tx = await ctx.begin()
  await updatePassword(tx, staffId, passwordHash)
  await revokeStaffSessions(tx, staffId, ctx.clock.now(), { except: sessionHash })
  await audit(ctx, tx, { event: 'staff.password', description: 'Changed the password', accountId: null })
}
