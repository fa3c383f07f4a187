import { contract, type StaffRole, staffRoles } from '@innkeeper/contract'
import type { FastifyInstance } from 'fastify'
import { type FullServer, fullServer } from '../full-server.ts'
import { addStaff, codeOf, type SignedInStaff, signInStaff, staffCall, staffPassword } from '../staff.ts'
import { send } from './send.ts'

/** A provider with one of each role, and a customer with one of everything. */
export interface StaffWorld {
  readonly full: FullServer
  readonly server: FastifyInstance
  readonly staff: Readonly<Record<StaffRole, SignedInStaff>>
  /** The access token of a customer. */
  readonly customerToken: string
  readonly clientId: string
  freshEmail(): string
  /** Somebody new of the staff, not signed in. */
  freshMember(): Promise<{ id: string; email: string; password: string; totpUri: string }>
  freshToken(): Promise<string>
  freshChallenge(): Promise<{ challenge: string; code: string }>
  close(): Promise<void>
}

export async function createStaffWorld(): Promise<StaffWorld> {
  const full = await fullServer()
  const { app, server } = full
  const staff = Object.fromEntries(
    await Promise.all(staffRoles.map(async role => [role, await signInStaff(app, server, role)] as const)),
  ) as Record<StaffRole, SignedInStaff> // one for each
  const customer = { username: 'customer@example.com', password: staffPassword }
  const signup = { email: customer.username, password: customer.password, firstname: 'Ada', lastname: 'Byron' }
  const { json: opened } = await send(server, contract.extensions.signup, signup)
  const { json: signedIn } = await send(server, contract.auth.login, customer)
  let counter = 0
  return {
    full,
    server,
    staff,
    customerToken: String(signedIn.token),
    clientId: String(opened.client_id),
    freshEmail: () => `fresh${++counter}@example.net`,
    freshMember: () => addStaff(app, 'support'),
    freshToken: async () => (await signInStaff(app, server, 'owner')).token,
    async freshChallenge() {
      const { email, password, totpUri } = await addStaff(app, 'support')
      const { json } = await staffCall(server, 'POST', '/login', { body: { email, password } })
      return { challenge: String(json.challenge), code: codeOf(totpUri, app.clock) }
    },
    close: () => full.close(),
  }
}
