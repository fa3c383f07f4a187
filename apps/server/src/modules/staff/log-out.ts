import type { StaffContext } from '../../context.ts'
import { audit } from '../audit/index.ts'
import { revokeStaffSessions } from './staff-sessions-store.ts'

/** Ends the session of the request, or all of whoever sent it. */
export async function logOut(ctx: StaffContext, everywhere: boolean): Promise<void> {
  const tx = await ctx.begin()
  const { staffId, sessionHash } = ctx.staff
  await revokeStaffSessions(tx, staffId, ctx.clock.now(), everywhere ? {} : { only: sessionHash })
  await audit(ctx, tx, {
    event: 'staff.logout',
    description: everywhere ? 'Signed out everywhere' : 'Signed out',
    accountId: null,
  })
}
