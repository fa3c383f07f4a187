import type { StaffModuleHandlers } from '../../http/implement.ts'
import { notFound } from '../../refusal.ts'
import { changeMember } from './change-member.ts'
import { createMember } from './create-member.ts'
import { pageOf, sliceOf } from './listing.ts'
import type { FirstSignIn, Member } from './member.ts'
import { selectMember, selectMembers } from './members-store.ts'
import { resetSignIn } from './reset-sign-in.ts'
import { wireMoment } from './wire.ts'

export const teamHandlers: StaffModuleHandlers<'team'> = {
  async listMembers(ctx, input) {
    const slice = sliceOf(input)
    const { shown, next } = pageOf(await selectMembers(ctx.db, { role: input.role }, slice), slice)
    return { staff: shown.map(memberOf), next }
  },
  async createMember(ctx, input) {
    const { id, ...signIn } = await createMember(ctx, input)
    return { id, ...signInOf(signIn) }
  },
  async changeMember(ctx, { id, role, name }) {
    const change = { ...(role === undefined ? {} : { role }), ...(name === undefined ? {} : { name: name.trim() }) }
    return { staff: memberOf(await changeMember(ctx, id, change)) }
  },
  async disableMember(ctx, { id }) {
    await changeMember(ctx, id, { disabledAt: ctx.clock.now() })
    return { info: ['staff_disabled'] }
  },
  async enableMember(ctx, { id }) {
    await changeMember(ctx, id, { disabledAt: null })
    return { info: ['staff_enabled'] }
  },
  async resetSignIn(ctx, { id }) {
    const member = await selectMember(ctx.db, { id })
    if (member === undefined) throw notFound()
    return signInOf(await resetSignIn(ctx, member))
  },
}

function signInOf({ password, totpUri }: FirstSignIn) {
  return { password, totp_uri: totpUri }
}

function memberOf(member: Member) {
  return {
    id: member.id,
    email: member.email,
    name: member.name,
    role: member.role,
    second_factor: member.secondFactor,
    created_at: member.createdAt.toISOString(),
    last_login_at: wireMoment(member.lastLoginAt),
    disabled_at: wireMoment(member.disabledAt),
  }
}
