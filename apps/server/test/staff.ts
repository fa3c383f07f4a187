import type { StaffRole } from '@innkeeper/contract'
import type { FastifyInstance } from 'fastify'
import { TOTP, URI } from 'otpauth'
import type { Clock } from '../src/clock.ts'
import type { App } from '../src/context.ts'
import { createMember } from '../src/modules/staff/index.ts'
import { asOperator } from '../src/operator.ts'

export const staffPassword = 'correct horse battery'

/** Somebody of the staff, signed in. */
export interface SignedInStaff {
  readonly id: string
  readonly email: string
  readonly token: string
  readonly totpUri: string
}

/** A call of the staff API, as a client makes it. */
export async function staffCall(
  server: FastifyInstance,
  method: 'GET' | 'POST' | 'PUT' | 'DELETE',
  path: string,
  sent: { readonly token?: string; readonly body?: object; readonly from?: string } = {},
) {
  const { token, body, from } = sent
  const answer = await server.inject({
    method,
    url: `/admin/api${path}`,
    headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
    ...(body === undefined ? {} : { payload: body }),
    ...(from === undefined ? {} : { remoteAddress: from }),
  })
  return { status: answer.statusCode, json: answer.json(), headers: answer.headers }
}

let counter = 0

/** Adds somebody to the staff, by the operator's hand; null: with a password for one use. */
export async function addStaff(app: App, role: StaffRole, password: string | null = staffPassword) {
  const email = `staff${++counter}@example.net`
  const made = await asOperator(app, ctx =>
    createMember(ctx, { email, role, ...(password === null ? {} : { password }) }),
  )
  return { ...made, email }
}

/** The code an authenticator shows at this moment. */
export function codeOf(totpUri: string, clock: Clock): string {
  const totp = URI.parse(totpUri)
  if (!(totp instanceof TOTP)) throw new Error('not a TOTP URI')
  return totp.generate({ timestamp: clock.now().getTime() })
}

/** Adds somebody to the staff and signs them in, with both factors. */
export async function signInStaff(app: App, server: FastifyInstance, role: StaffRole): Promise<SignedInStaff> {
  const { id, email, password, totpUri } = await addStaff(app, role)
  const { json: asked } = await staffCall(server, 'POST', '/login', { body: { email, password } })
  const { json } = await staffCall(server, 'POST', '/login/verify', {
    body: { challenge: asked.challenge, code: codeOf(totpUri, app.clock) },
  })
  return { id, email, token: String(json.token), totpUri }
}
