import { type Contract, contract } from '@innkeeper/contract'
import type { FastifyInstance } from 'fastify'
import { openNotifications } from '../src/db/notifications.ts'
import { createAuthenticate } from '../src/http/authenticate.ts'
import type { Implementation } from '../src/http/implement.ts'
import { registerJwks } from '../src/http/jwks.ts'
import {
  authHandlers,
  hashPassword,
  openSessions,
  type Sessions,
  setPasswordHash,
  signInExtensions,
} from '../src/modules/sessions/index.ts'
import { wirePrivileges } from '../src/wire-privileges.ts'
import type { TestApp } from './app.ts'
import { userHttp } from './user-http.ts'

/** One node of an installation: the sign-in operations, and `GET /contact/privileges` to see who one is. */
export interface Node {
  readonly server: FastifyInstance
  readonly sessions: Sessions
  readonly app: TestApp
  close(): Promise<void>
}

export async function startNode(app: TestApp): Promise<Node> {
  const sessions = await openSessions(app)
  const authenticate = createAuthenticate(app, sessions)
  const handlers: Partial<Record<keyof Contract, object>> = {
    auth: authHandlers(sessions),
    extensions: signInExtensions(sessions),
    contacts: {
      listPrivileges: async (ctx: { identity: { privileges: Parameters<typeof wirePrivileges>[0] } }) => ({
        privileges: wirePrivileges(ctx.identity.privileges),
      }),
    },
  }
  const implementations = Object.entries(contract).flatMap(([module, operations]) =>
    Object.entries(operations).flatMap(([name, operation]): Implementation[] => {
      const handle = (handlers[module as keyof Contract] as Record<string, Implementation['handle']> | undefined)?.[
        name
      ] // by name, as implement() does
      return handle === undefined ? [] : [{ operation: operation as unknown as Implementation['operation'], handle }] // narrower types
    }),
  )
  const server = userHttp(app, implementations, authenticate)
  registerJwks(server, sessions)
  return { server, sessions, app, close: () => server.close() }
}

/** A second node on the same database, with its own connection for notifications and its own caches. */
export async function secondNode(first: TestApp): Promise<Node> {
  const notifications = await openNotifications(first.connection)
  const node = await startNode({ ...first, notifications })
  return {
    ...node,
    async close() {
      await node.close()
      await notifications.close()
    },
  }
}

/** Gives a profile a password, as sign-up does. */
export async function givePassword(
  app: TestApp,
  whose: { readonly accountId: string; readonly profileId: string },
  password: string,
): Promise<void> {
  const passwordHash = await hashPassword(password)
  const after: (() => void)[] = []
  const ctx = { ...app, afterCommit: (action: () => void) => void after.push(action) }
  await app.db.transaction().execute(tx => setPasswordHash(ctx, tx, { ...whose, passwordHash }))
  for (const action of after) action()
}

/** A call of an operation, as a client makes it. */
export function call(
  on: Node,
  method: 'GET' | 'POST' | 'PUT' | 'DELETE',
  path: string,
  sent: { readonly body?: object; readonly headers?: Record<string, string>; readonly from?: string } = {},
) {
  const { body, headers = {}, from } = sent
  return on.server.inject({
    method,
    url: `/api${path}`,
    headers,
    ...(body === undefined ? {} : { payload: body }),
    ...(from === undefined ? {} : { remoteAddress: from }),
  })
}

/** The status an identity gets: 200, or what it is refused with. */
export async function knock(on: Node, headers: Record<string, string>, from?: string): Promise<number> {
  const answer = await call(on, 'GET', '/contact/privileges', { headers, ...(from === undefined ? {} : { from }) })
  return answer.statusCode
}

export function basic(username: string, password: string): Record<string, string> {
  return { authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` }
}
export function bearer(token: string): Record<string, string> {
  return { authorization: `Bearer ${token}` }
}
