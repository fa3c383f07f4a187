import { staffPassword } from '../staff.ts'
import type { StaffWorld } from './staff-world.ts'

export interface StaffCall {
  readonly input: Readonly<Record<string, unknown>>
  /** Sent with this token instead of the owner's. */
  readonly token?: string
}

/** For every operation of the staff API, a call by an owner that succeeds. A new operation needs an entry here. */
export const staffCalls: Readonly<Record<string, (world: StaffWorld) => StaffCall | Promise<StaffCall>>> = {
  'staff.session.logIn': ({ staff }) => ({ input: { email: staff.billing.email, password: staffPassword } }),
  'staff.session.verify': async world => ({ input: await world.freshChallenge() }),
  'staff.session.logOut': async world => ({ input: {}, token: await world.freshToken() }),
  'staff.session.getMe': () => ({ input: {} }),
  'staff.session.changePassword': async world => ({
    input: { password: staffPassword, new_password: 'other words than before' },
    token: await world.freshToken(),
  }),
  'staff.team.listMembers': () => ({ input: {} }),
  'staff.team.createMember': world => ({ input: { email: world.freshEmail(), role: 'support' } }),
  'staff.team.changeMember': async world => ({ input: { id: (await world.freshMember()).id, role: 'billing' } }),
  'staff.team.disableMember': async world => ({ input: { id: (await world.freshMember()).id } }),
  'staff.team.enableMember': async world => ({ input: { id: (await world.freshMember()).id } }),
  'staff.team.resetSignIn': async world => ({ input: { id: (await world.freshMember()).id } }),
}
