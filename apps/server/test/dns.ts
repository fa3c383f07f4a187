import { type AnyOperation, contract } from '@innkeeper/contract'
import type { InjectOptions } from 'fastify'
import { fixedClock } from '../src/clock.ts'
import type { Config } from '../src/config.ts'
import type { App, Identity } from '../src/context.ts'
import type { Implementation } from '../src/http/implement.ts'
import { dnsHandlers } from '../src/modules/dns/index.ts'
import { testApp } from './app.ts'
import { seedAccount } from './seed.ts'
import { userHttp } from './user-http.ts'

/** The dns operations over HTTP. Each call says who makes it. */
export function dnsHttp(app: App) {
  const handlers = dnsHandlers(app) as unknown as Record<string, Implementation['handle']> // by name here, typed there
  const implementations = Object.entries(contract.dns).map(([name, operation]) => {
    const handle = handlers[name]
    if (handle === undefined) throw new Error(`${name} has no handler`)
    return { operation: operation as unknown as AnyOperation, handle } // narrower types
  })
  const identities = new Map<string, Identity>()
  const server = userHttp(app, implementations, async ({ authorization }) =>
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

/** An app with an owner and a stranger who have a DNS service each, and what tests of zones do all the time. */
export async function dnsFixture(settings: Partial<Config> = {}) {
  const app = await testApp(settings, fixedClock(new Date('2026-11-22T10:00:00Z')))
  const http = dnsHttp(app)
  const owner = await seedAccount(app)
  const stranger = await seedAccount(app)
  let zones = 0
  return {
    app,
    http,
    owner,
    stranger,
    /** A zone of the owner's, and the path of its operations. */
    async newZone(name = `zone${++zones}.example.com`, who = owner) {
      const { status, body } = await http.call(who.identity, 'POST', `/service/${who.serviceId}/dns`, { name })
      if (status !== 200) throw new Error(`zone not created: ${JSON.stringify(body)}`)
      const id: string = body.zone_id
      return { name, id, path: `/service/${who.serviceId}/dns/${id}` }
    },
    add: (path: string, record: object, headers?: Record<string, string>) =>
      http.call(owner.identity, 'POST', `${path}/records`, record, headers),
    async recordsOf(path: string): Promise<DocumentedRecord[]> {
      return (await http.call(owner.identity, 'GET', path)).body.records
    },
    async serialOf(id: string) {
      const row = await app.db.selectFrom('dns_zone').select('serial').where('id', '=', id).executeTakeFirstOrThrow()
      return Number(row.serial)
    },
    async close() {
      await http.close()
      await app.close()
    },
  }
}

interface DocumentedRecord {
  readonly id: string
  readonly name: string
  readonly type: string
  readonly content: string
  readonly ttl: number
  readonly priority: number
}
