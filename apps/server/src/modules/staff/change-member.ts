import type { Context } from '../../context.ts'
import { notFound, Refusal } from '../../refusal.ts'
import { audit } from '../audit/index.ts'
import type { Member } from './member.ts'
import { lockOwners, type MemberChange, selectMember, updateMember } from './members-store.ts'
import { revokeStaffSessions } from './staff-sessions-store.ts'

/**
 * Changes somebody's role or name, shuts them out or lets them in again. Whoever is left without an owner could manage
 * nobody any more, so the last one stays.
 */
export async function changeMember(ctx: Context, id: string, change: MemberChange): Promise<Member> {
  const tx = await ctx.begin()
  const owners = await lockOwners(tx)
  const endsOwner = (change.role !== undefined && change.role !== 'owner') || change.disabledAt instanceof Date
  if (endsOwner && owners.length === 1 && owners[0] === id) throw new Refusal('conflict', { also: ['last_owner'] })
  if (!(await updateMember(tx, id, change))) throw notFound()
  if (change.disabledAt instanceof Date) await revokeStaffSessions(tx, id, ctx.clock.now())
  const member = await selectMember(tx, { id })
  if (member === undefined) throw notFound()
  await audit(ctx, tx, { ...happening(member, change), detail: { staff: id, ...change }, accountId: null })
  return member
}

function happening({ email }: Member, { role, disabledAt }: MemberChange): { event: string; description: string } {
  if (disabledAt instanceof Date) return { event: 'staff.disable', description: `Shut ${email} out` }
  if (disabledAt === null) return { event: 'staff.enable', description: `Let ${email} in again` }
  const what = role === undefined ? 'Changed the name' : `Made it ${role}:`
  return { event: 'staff.change', description: `${what} ${email}` }
}
