import { type AuthScheme, profiles } from '@innkeeper/contract'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { App, Identity } from '../context.ts'
import { Refusal } from '../refusal.ts'
import { answerWriter } from './answer.ts'
import { type Fields, noFields, unreadable } from './fields.ts'
import { keyedRequest } from './idempotency.ts'
import { inputReader } from './input.ts'
import { type Performed, perform } from './perform.ts'
import type { Route } from './plan.ts'
import { checkPrivilege } from './privilege.ts'
import type { Turnstile } from './turnstile.ts'

export interface Credentials {
  readonly authorization: string | undefined
  readonly address: string
  readonly userAgent: string
  readonly requestId: string
}
/** Who a request comes from; undefined without credentials. Throws a Refusal for bad ones. */
export type Authenticate = (credentials: Credentials) => Promise<Identity | undefined>

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Id of the operation a route serves. */
    operation?: string
  }
  interface FastifyRequest {
    identity: Identity | undefined
    /** Where it comes from, see address.ts. */
    address: string
    /** Whether an operation was reached: from here on a refusal is about business. */
    reached: boolean
  }
}

export interface RouteParts {
  readonly app: App
  readonly authenticate: Authenticate
  readonly gate: Turnstile
  readonly checkReplies: boolean
}

/** Puts one operation on the server: identity, then body, then privilege and input from the contract, then the handler. */
export function addRoute(server: FastifyInstance, route: Route, parts: RouteParts): void {
  const { operation, handle } = route.implementation
  const { method, url } = route
  if (!route.served || handle === undefined) {
    const refuse = async () => {
      throw new Refusal('invalid method')
    }
    server.route({ method, url, onRequest: refuse, handler: refuse })
    return
  }
  const { app, authenticate, gate, checkReplies } = parts
  const read = inputReader(operation)
  const write = answerWriter(operation, { dialect: app.config.dialect, checkReplies })
  const isPublic = operation.access.kind === 'public'
  const schemes: readonly AuthScheme[] = profiles[app.config.profile].schemes
  server.route<{ Params: Fields; Querystring: Fields; Body: Fields | undefined }>({
    method,
    url,
    config: { operation: operation.id },
    // Before the body is read: strangers do not make us parse theirs.
    ...(isPublic
      ? {}
      : {
          onRequest: async request => {
            request.identity = await authenticate(credentialsOf(request, schemes))
            if (request.identity === undefined) throw new Refusal('unauthorized')
          },
        }),
    handler: async (request, reply) => {
      request.reached = true
      if (request.query === unreadable) throw new Refusal('bad_request')
      const { identity } = request
      const input = read({ params: request.params, body: request.body ?? noFields, query: request.query })
      checkPrivilege(operation.access, identity, input)
      const caller = { identity, address: request.address }
      const keyed = keyedRequest(app, operation, request.headers['idempotency-key'], caller, input)
      return send(reply, await perform({ app, gate, request, identity, input, handle, write, keyed }))
    },
  })
}

function credentialsOf(request: FastifyRequest, schemes: readonly AuthScheme[]): Credentials {
  const { authorization } = request.headers
  if (authorization !== undefined) {
    const scheme = authorization.slice(0, authorization.indexOf(' ')).toLowerCase()
    if (!schemes.some(taken => taken === scheme)) throw new Refusal('unauthorized')
  }
  const userAgent = request.headers['user-agent'] ?? ''
  return { authorization, address: request.address, userAgent, requestId: request.id }
}

function send(reply: FastifyReply, { status, headers, body, replayed }: Performed): FastifyReply {
  for (const [name, value] of headers) reply.header(name, value)
  if (replayed) reply.header('idempotency-replayed', 'true')
  return reply.status(status).type('application/json; charset=utf-8').send(body)
}
