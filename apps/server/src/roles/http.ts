import { type AddressInfo, createServer } from 'node:net'
import type { DnsDriver } from '@innkeeper/drivers'
import type { Config } from '../config.ts'
import type { App } from '../context.ts'
import { createHttp } from '../http/app.ts'
import { registerJwks } from '../http/jwks.ts'
import { closeGracefully } from '../http/shutdown.ts'
import { registerWebhooks } from '../http/webhooks.ts'
import { receiveEvent } from '../modules/payments/index.ts'
import { openSessions } from '../modules/sessions/index.ts'
import type { Running } from '../running.ts'
import { surfacesOf } from '../surfaces.ts'
import { openPort } from './open-port.ts'

const finishMilliseconds = 3000

/** The APIs and their reference pages, listening. */
export async function startHttp(app: App, dns: DnsDriver | undefined): Promise<Running & { readonly url: string }> {
  const sessions = await openSessions(app)
  const server = createHttp(app, surfacesOf(app, sessions), {
    checks: dns === undefined ? {} : { dns: () => dns.check() },
  })
  registerJwks(server, sessions)
  registerWebhooks(server, app, receiveEvent)
  const { host, port } = app.config
  const url = await openPort('port', port, () => server.listen({ host, port }))
  return { url, stop: () => closeGracefully(server, finishMilliseconds) }
}

/**
 * With port 0, a port that is free now: documents and mails show the address, so it has to be known before the server
 * listens.
 */
export async function withPort(config: Config): Promise<Config> {
  if (config.port !== 0) return config
  const probe = createServer()
  await new Promise<void>((resolve, reject) => probe.once('error', reject).listen(0, config.host, resolve))
  const { port } = probe.address() as AddressInfo // it listens on TCP
  await new Promise(resolve => probe.close(resolve))
  return { ...config, port, publicUrl: config.publicUrl.replace(/:0$/, `:${port}`) }
}
