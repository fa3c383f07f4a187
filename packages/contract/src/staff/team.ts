import { Type } from 'typebox'
import { op, staffWith } from '../op.ts'
import { Id, Info, InId, InText } from '../wire.ts'
import { listing, Moment, MomentOrNull, Next, Role } from './wire.ts'

const Member = Type.Object({
  id: Id,
  email: Type.String(),
  name: Type.String(),
  role: Role,
  second_factor: Type.Boolean(),
  created_at: Moment,
  last_login_at: MomentOrNull,
  disabled_at: MomentOrNull,
})
const exampleMember = {
  id: '2',
  email: 'grace@example.net',
  name: 'Grace Hopper',
  role: 'support' as const,
  second_factor: true,
  created_at: '2026-11-02T09:24:28Z',
  last_login_at: '2026-11-21T07:58:10Z',
  disabled_at: null,
}
const FirstSignIn = {
  password: Type.String({ description: 'For one use; shown once' }),
  totp_uri: Type.String({ description: 'For an authenticator; shown once' }),
}
const exampleSignIn = {
  password: 'kV2u8sYb2nVwZk7p',
  totp_uri: 'otpauth://totp/Innkeeper:grace%40example.net?issuer=Innkeeper&secret=JBSWY3DPEHPK3PXP',
}

/** Managing the staff. One owner always stays. */
export const team = {
  listMembers: op({
    id: 'staff.team.listMembers',
    method: 'GET',
    path: '/staff',
    summary: 'The staff',
    input: { ...listing, role: Type.Optional(Role) },
    reply: Type.Object({ staff: Type.Array(Member), next: Next }),
    access: staffWith('team'),
    examples: [{ reply: { staff: [exampleMember], next: null } }],
  }),
  createMember: op({
    id: 'staff.team.createMember',
    method: 'POST',
    path: '/staff',
    summary: 'Add somebody',
    description: 'Answers a password for one use and a second factor: hand them over on two ways.',
    input: { email: InText(254), name: Type.Optional(InText(200)), role: Role },
    reply: Type.Object({ id: Id, ...FirstSignIn }),
    access: staffWith('team'),
    errors: ['useralreadyexistsemail_error'],
    examples: [
      {
        request: { email: 'grace@example.net', name: 'Grace Hopper', role: 'support' },
        reply: { id: '2', ...exampleSignIn },
      },
    ],
  }),
  changeMember: op({
    id: 'staff.team.changeMember',
    method: 'PUT',
    path: '/staff/{id}',
    summary: 'Change a role or name',
    description: 'The last owner cannot become anything else.',
    input: { id: InId, role: Type.Optional(Role), name: Type.Optional(InText(200)) },
    reply: Type.Object({ staff: Member }),
    access: staffWith('team'),
    errors: ['not_found', 'conflict'],
    examples: [
      { request: { id: '2', role: 'billing' }, reply: { staff: { ...exampleMember, role: 'billing' as const } } },
    ],
  }),
  disableMember: op({
    id: 'staff.team.disableMember',
    method: 'POST',
    path: '/staff/{id}/disable',
    summary: 'Shut somebody out',
    description: 'Their sessions end at once. The last owner stays.',
    input: { id: InId },
    reply: Type.Object({ info: Info }),
    access: staffWith('team'),
    errors: ['not_found', 'conflict'],
    examples: [{ request: { id: '2' }, reply: { info: ['staff_disabled'] } }],
  }),
  enableMember: op({
    id: 'staff.team.enableMember',
    method: 'POST',
    path: '/staff/{id}/enable',
    summary: 'Let somebody in again',
    input: { id: InId },
    reply: Type.Object({ info: Info }),
    access: staffWith('team'),
    errors: ['not_found'],
    examples: [{ request: { id: '2' }, reply: { info: ['staff_enabled'] } }],
  }),
  resetSignIn: op({
    id: 'staff.team.resetSignIn',
    method: 'POST',
    path: '/staff/{id}/reset',
    summary: 'Give a new password and second factor',
    description: 'For who lost one of them. Their sessions end at once.',
    input: { id: InId },
    reply: Type.Object(FirstSignIn),
    access: staffWith('team'),
    errors: ['not_found'],
    examples: [{ request: { id: '2' }, reply: exampleSignIn }],
  }),
}
