import { type AnyOperation, contract } from '@innkeeper/contract'
import type { InjectOptions } from 'fastify'
import type { App, Identity } from '../src/context.ts'
import { createHttp } from '../src/http/app.ts'
import type { Implementation } from '../src/http/implement.ts'
import { dnsHandlers } from '../src/modules/dns/index.ts'

/** The dns operations over HTTP. Each call says who makes it. */
export function dnsHttp(app: App) {
  const handlers = dnsHandlers(app) as unknown as Record<string, Implementation['handle']> // by name here, typed there
  const implementations = Object.entries(contract.dns).map(([name, operation]) => {
    const handle = handlers[name]
    if (handle === undefined) throw new Error(`${name} has no handler`)
    return { operation: operation as unknown as AnyOperation, handle } // narrower types
  })
  const identities = new Map<string, Identity>()
  const server = createHttp(app, implementations, async ({ authorization }) =>
    identities.get(authorization?.replace('Bearer ', '') ?? ''),
  )

  return {
    async call(
      identity: Identity,
      method: 'GET' | 'POST' | 'PUT' | 'DELETE',
      path: string,
      payload?: object,
      headers: Record<string, string> = {},
    ) {
      identities.set(identity.profileId, identity)
      const request: InjectOptions = {
        method,
        url: `/api${path}`,
        headers: { ...headers, authorization: `Bearer ${identity.profileId}` },
      }
      const answer = await server.inject(payload === undefined ? request : { ...request, payload })
      return { status: answer.statusCode, body: answer.json(), etag: answer.headers.etag }
    },
    close: () => server.close(),
  }
}
