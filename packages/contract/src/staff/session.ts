import { Type } from 'typebox'
import { anyStaff, everyone, op } from '../op.ts'
import { Id, InBoolean, Info, InText } from '../wire.ts'
import { Moment, Role } from './wire.ts'

const exampleToken = 'iks_b2nVwZk7p5l9Tq0Xc3m4u8sY'

/** Who is signed in. */
const Me = Type.Object({ id: Id, email: Type.String(), name: Type.String(), role: Role })
const exampleMe = { id: '1', email: 'ada@example.net', name: 'Ada Byron', role: 'owner' as const }

/** Signing in to the staff API: password, then second factor, always both. */
export const session = {
  logIn: op({
    id: 'staff.session.logIn',
    method: 'POST',
    path: '/login',
    summary: 'Sign in: the password',
    description:
      'Answers a challenge for `/login/verify`, good for five minutes and five codes. `needs` tells what to send with it: `code`, and `password` too where the present one was given out for one use. Who has no second factor yet gets `setup`: put its secret into an authenticator (TOTP, SHA-1, six digits, 30 seconds), the code then proves and keeps it.',
    input: { email: InText(254), password: InText(1024) },
    reply: Type.Object({
      challenge: Type.String(),
      expires_at: Moment,
      needs: Type.Array(Type.String()),
      setup: Type.Optional(Type.Object({ secret: Type.String({ description: 'Base32' }), uri: Type.String() })),
    }),
    access: everyone,
    replayable: false,
    errors: ['wronglogin'],
    examples: [
      {
        request: { email: 'ada@example.net', password: 'correct horse' },
        reply: { challenge: 'ikc_Zk7p5l9Tq0Xc', expires_at: '2026-11-22T10:05:00Z', needs: ['code'] },
      },
    ],
  }),
  verify: op({
    id: 'staff.session.verify',
    method: 'POST',
    path: '/login/verify',
    summary: 'Sign in: the second factor',
    description: 'The token is good for 12 hours, or until it is ended.',
    input: {
      challenge: InText(1024, 'The `challenge` of /login'),
      code: InText(16, 'Six digits'),
      password: Type.Optional(InText(1024, 'The new password, where /login says that one is needed')),
    },
    reply: Type.Object({ token: Type.String(), expires_at: Moment, staff: Me }),
    access: everyone,
    replayable: false,
    errors: ['mfa_invalid_code', 'unauthorized', 'passistooshort'],
    examples: [
      {
        request: { challenge: 'ikc_Zk7p5l9Tq0Xc', code: '492039' },
        reply: { token: exampleToken, expires_at: '2026-11-22T22:00:00Z', staff: exampleMe },
      },
    ],
  }),
  logOut: op({
    id: 'staff.session.logOut',
    method: 'POST',
    path: '/logout',
    summary: 'Sign out',
    input: { everywhere: Type.Optional(InBoolean('End all your other sessions too')) },
    reply: Type.Object({ info: Info }),
    access: anyStaff,
    examples: [{ request: { everywhere: true }, reply: { info: ['signed_out'] } }],
  }),
  getMe: op({
    id: 'staff.session.getMe',
    method: 'GET',
    path: '/me',
    summary: 'Who you are',
    description: '`rights` is the column of your role in the matrix above.',
    reply: Type.Object({ staff: Me, rights: Type.Array(Type.String()), expires_at: Moment }),
    access: anyStaff,
    examples: [{ reply: { staff: exampleMe, rights: ['read', 'team'], expires_at: '2026-11-22T22:00:00Z' } }],
  }),
  changePassword: op({
    id: 'staff.session.changePassword',
    method: 'PUT',
    path: '/me/password',
    summary: 'Change your password',
    description: 'Ends your other sessions.',
    input: { password: InText(1024, 'The present one'), new_password: InText(1024) },
    reply: Type.Object({ info: Info }),
    access: anyStaff,
    replayable: false,
    errors: ['wronglogin', 'passistooshort'],
    examples: [
      {
        request: { password: 'correct horse', new_password: 'battery staple' },
        reply: { info: ['password_changed'] },
      },
    ],
  }),
}
