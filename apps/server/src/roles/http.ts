import { createServer } from 'node:net'
import type { DnsDriver } from '@innkeeper/drivers'
import type { App } from '../context.ts'
import { handlersOf } from '../handlers.ts'
import { createHttp } from '../http/app.ts'
import { createAuthenticate } from '../http/authenticate.ts'
import { implement } from '../http/implement.ts'
import { registerReference } from '../http/reference.ts'
import { closeGracefully } from '../http/shutdown.ts'
import { openSessions, registerJwks } from '../modules/sessions/index.ts'
import type { Running } from '../node.ts'

const finishMilliseconds = 3000

/** The User API and its reference page, listening. */
export async function startHttp(app: App, dns: DnsDriver | undefined): Promise<Running & { readonly url: string }> {
  const sessions = await openSessions(app)
  const server = createHttp(app, implement(handlersOf(app, sessions)), createAuthenticate(app, sessions), {
    checks: dns === undefined ? {} : { dns: () => dns.check() },
  })
  registerJwks(server, sessions)
  registerReference(server, app)
  const { host, port } = app.config
  const url = await server.listen({ host, port })
  return { url, stop: () => closeGracefully(server, finishMilliseconds) }
}

/** A port that is free now, for `--port 0`: the address is part of documents and mails, so it must be known before. */
export async function freePort(host: string): Promise<number> {
  const probe = createServer()
  await new Promise<void>((resolve, reject) => probe.once('error', reject).listen(0, host, resolve))
  const address = probe.address()
  await new Promise(resolve => probe.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}
