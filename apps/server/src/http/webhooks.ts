import type { Delivery } from '@innkeeper/drivers'
import type { FastifyInstance } from 'fastify'
import type { App } from '../context.ts'
import { Refusal } from '../refusal.ts'

/** Deliveries are a few kilobytes; gateways say no more than 256. */
const limitBytes = 512 * 1024

/**
 * Where gateways deliver their events. Outside /api, since it is their contract: the body is kept as it came, byte by byte,
 * for the signature is over that. Answered 200 once `receive` has committed, so that anything else is delivered again.
 */
export function registerWebhooks(
  server: FastifyInstance,
  app: App,
  receive: (app: App, gateway: string, delivery: Delivery) => Promise<void>,
): void {
  server.register(async scope => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
    scope.post<{ Params: { gateway: string } }>(
      '/webhooks/:gateway',
      { bodyLimit: limitBytes },
      async ({ params, body, headers }) => {
        if (!Buffer.isBuffer(body)) throw new Refusal('bad_request') // there was none
        await receive(app, params.gateway, { body, headers, at: app.clock.now() })
        return { received: true }
      },
    )
  })
}
