import type { FastifyInstance } from 'fastify'
import ipaddr from 'ipaddr.js'
import { sql } from 'kysely'
import type { App } from '../context.ts'
import { Refusal } from '../refusal.ts'
import { clientAddress } from './address.ts'

/** Resolves when a part of the program can do its work; rejects when not. */
export type Check = () => Promise<unknown>

const checkMilliseconds = 2000

/** For load balancers, orchestrators and Prometheus. Outside /api, without sign-in, and telling nothing but states. */
export function addHealth(server: FastifyInstance, app: App, checks: Readonly<Record<string, Check>>): void {
  const all: Readonly<Record<string, Check>> = { database: () => sql`select 1`.execute(app.db), ...checks }
  server.get('/healthz', async () => ({ status: 'alive' }))
  server.get('/readyz', async (_request, reply) => {
    const states = await Promise.all(
      Object.entries(all).map(async ([name, check]) => [name, (await passes(check)) ? 'ok' : 'failing'] as const),
    )
    const ready = states.every(([, state]) => state === 'ok')
    return reply
      .status(ready ? 200 : 503)
      .send({ status: ready ? 'ready' : 'not ready', checks: Object.fromEntries(states) })
  })
  const allowed = app.config.metricsAllowedAddresses.map(text =>
    ipaddr.parseCIDR(text.includes('/') ? text : `${text}/${text.includes(':') ? 128 : 32}`),
  )
  server.get('/metrics', async (request, reply) => {
    // From a proxy nobody declared as trusted, every request seems to come from the proxy's own address.
    const hidden = request.headers['x-forwarded-for'] !== undefined && request.ip === request.socket.remoteAddress
    if (hidden || !isAllowed(clientAddress(request), allowed)) throw new Refusal('invalid method')
    return reply.type(app.metrics.registry.contentType).send(await app.metrics.registry.metrics())
  })
}

async function passes(check: Check): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const deadline = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('too late')), checkMilliseconds)
  })
  try {
    await Promise.race([check(), deadline])
    return true
  } catch {
    return false
  } finally {
    clearTimeout(timer)
  }
}

function isAllowed(text: string, allowed: readonly [ipaddr.IPv4 | ipaddr.IPv6, number][]): boolean {
  if (!ipaddr.isValid(text)) return false
  const address = ipaddr.parse(text)
  return allowed.some(([range, bits]) => range.kind() === address.kind() && address.match(range, bits))
}
