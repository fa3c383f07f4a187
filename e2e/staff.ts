import { TOTP, URI } from 'otpauth'
import type { Program } from './program.ts'

/** Calls the staff API; without a token as nobody. */
export type StaffCall = (method: string, path: string, fields?: object) => Promise<Record<string, unknown>>

function staffCall({ staff }: Pick<Program, 'staff'>, token?: string): StaffCall {
  return async (method, path, fields) => {
    const answer = await fetch(`${staff.api}${path}`, {
      method,
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(fields === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(fields === undefined ? {} : { body: JSON.stringify(fields) }),
    })
    return (await answer.json()) as Record<string, unknown> // every answer is an object
  }
}

/** Signs in with what the demo printed: password, then the code that an authenticator shows now. */
export async function signInStaff(program: Pick<Program, 'staff'>): Promise<{ token: string; call: StaffCall }> {
  const { email, password, totpUri } = program.staff
  const anonymous = staffCall(program)
  const asked = await anonymous('POST', '/login', { email, password })
  const { token } = await anonymous('POST', '/login/verify', { challenge: asked.challenge, code: codeOf(totpUri) })
  return { token: String(token), call: staffCall(program, String(token)) }
}

/** The code that an authenticator shows now. */
export function codeOf(uri: string): string {
  const totp = URI.parse(uri)
  if (!(totp instanceof TOTP)) throw new Error('not a TOTP URI')
  return totp.generate()
}
