import { Type } from 'typebox'
import { everyone, op, signedIn } from '../op.ts'
import { InText, StatusTrue } from '../wire.ts'

const accessToken = 'eyJhbGciOiJSUzI1NiIsImtpZCI6IjEifQ.eyJzdWIiOiI3In0.c2ln'
const refreshToken = 'rt_5l9Tq0Xc3m4u8sYB2nVwZk7p'

const Tokens = Type.Object({
  token: Type.Union([Type.String(), Type.Null()], {
    description: 'Access token (JWT, RS256); null when a second factor is asked for',
  }),
  refresh: Type.Optional(Type.String({ description: 'Refresh token, good for one use' })),
  mfa: Type.Optional(
    Type.Object({
      token: Type.String({ description: 'To be sent to /mfa/verify with the code' }),
      methods: Type.Array(Type.String()),
      expires_at: Type.String(),
    }),
  ),
})

/** Signing in with tokens. */
export const auth = {
  login: op({
    id: 'auth.login',
    method: 'POST',
    path: '/login',
    summary: 'Sign in',
    description:
      'Exchanges a user name and password for a short-lived access token and a refresh token. With a second factor on, the answer holds no token but an `mfa` object; send its token and a code to `/mfa/verify`.',
    input: { username: InText(254, 'E-mail address'), password: InText(1024) },
    reply: Tokens,
    access: everyone,
    replayable: false,
    errors: ['wronglogin'],
    examples: [
      {
        request: { username: 'ada@example.com', password: 'correct horse' },
        reply: { token: accessToken, refresh: refreshToken },
      },
    ],
    documents: 'IDSX',
  }),
  logout: op({
    id: 'auth.logout',
    method: 'POST',
    path: '/logout',
    summary: 'Sign out',
    description: 'Ends the session the access token belongs to; its refresh tokens stop working too, on every node.',
    reply: Type.Object({ status: StatusTrue }),
    access: signedIn,
    examples: [{ reply: { status: true } }],
    documents: 'IDSX',
  }),
  refreshToken: op({
    id: 'auth.refreshToken',
    method: 'POST',
    path: '/token',
    summary: 'Renew the access token',
    description:
      'Exchanges a refresh token for a new pair. Each refresh token works once; using one twice ends the whole session.',
    input: { refresh_token: InText(1024) },
    reply: Type.Object({ token: Type.String(), refresh: Type.String() }),
    access: everyone,
    errors: ['unauthorized'],
    examples: [{ request: { refresh_token: refreshToken }, reply: { token: accessToken, refresh: refreshToken } }],
    documents: 'IDSX',
  }),
  revokeToken: op({
    id: 'auth.revokeToken',
    method: 'POST',
    path: '/revoke',
    summary: 'Revoke a refresh token',
    description: 'Ends the session a refresh token belongs to. An unknown token is answered the same way.',
    input: { refresh_token: InText(1024) },
    reply: Type.Object({ status: StatusTrue }),
    access: everyone,
    examples: [{ request: { refresh_token: refreshToken }, reply: { status: true } }],
    documents: 'IDSX',
  }),
}
