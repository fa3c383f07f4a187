import type { AnyOperation } from '@innkeeper/contract'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { App } from '../context.ts'
import type { Turnstile } from '../db/turnstile.ts'
import { Refusal } from '../refusal.ts'
import { answerWriter } from './answer.ts'
import { type Fields, noFields, unreadable } from './fields.ts'
import { keyedRequest } from './idempotency.ts'
import { inputReader } from './input.ts'
import { fileOf, wantedType } from './media-type.ts'
import { type Performed, perform } from './perform.ts'
import type { Route } from './plan.ts'
import type { Caller, Credentials, Surface } from './surface.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Id of the operation a route serves. */
    operation?: string
  }
  interface FastifyRequest {
    caller: Caller | undefined
    /** Where it comes from, see address.ts. */
    address: string
    /** Whether an operation was reached: from here on a refusal is about business. */
    reached: boolean
  }
}

export interface RouteParts {
  readonly app: App
  readonly gate: Turnstile
  readonly checkReplies: boolean
}

/** Puts one operation on the server: identity, then body, then privilege and input from the contract, then the handler. */
export function addRoute(server: FastifyInstance, surface: Surface, route: Route, parts: RouteParts): void {
  const { operation, handle } = route.implementation
  const { method, url } = route
  if (!route.served || handle === undefined) {
    const refuse = async () => {
      throw new Refusal('invalid method')
    }
    server.route({ method, url, onRequest: refuse, handler: refuse })
    return
  }
  const { app, gate, checkReplies } = parts
  const read = inputReader(operation)
  const write = answerWriter(operation, { dialect: surface.dialect, checkReplies })
  const apart = operation.asksOutside === true
  const isPublic = operation.access.kind === 'public'
  server.route<{ Params: Fields; Querystring: Fields; Body: Fields | undefined }>({
    method,
    url,
    config: { operation: operation.id },
    // Before the body is read: strangers do not make us parse theirs.
    ...(isPublic
      ? {}
      : {
          onRequest: async request => {
            request.caller = await surface.authenticate(credentialsOf(request, surface))
            if (request.caller === undefined) throw new Refusal('unauthorized')
          },
        }),
    handler: async (request, reply) => {
      request.reached = true
      if (request.query === unreadable) throw new Refusal('bad_request')
      const { caller, address } = request
      const input = read({ params: request.params, body: request.body ?? noFields, query: request.query })
      surface.permit(operation.access, caller, input)
      const keyed = keyedRequest(app, operation, request.headers['idempotency-key'], { caller, address }, input)
      const performed = await perform({ app, gate, request, caller, input, handle, write, keyed, apart })
      return send(reply, performed, operation, request.headers.accept)
    },
  })
}

function credentialsOf(request: FastifyRequest, { schemes }: Surface): Credentials {
  const { authorization } = request.headers
  if (authorization !== undefined) {
    const scheme = authorization.slice(0, authorization.indexOf(' ')).toLowerCase()
    if (!schemes.some(taken => taken === scheme)) throw new Refusal('unauthorized')
  }
  const userAgent = request.headers['user-agent'] ?? ''
  return { authorization, address: request.address, userAgent, requestId: request.id }
}

function send(
  reply: FastifyReply,
  { status, headers, body, replayed }: Performed,
  { alsoProduces = [], file }: AnyOperation,
  accept: string | undefined,
): FastifyReply {
  for (const [name, value] of headers) reply.header(name, value)
  if (replayed) reply.header('idempotency-replayed', 'true')
  reply.status(status)
  if (file !== undefined) {
    reply.header('vary', 'Accept')
    const type = wantedType(accept, alsoProduces)
    const found = type === undefined ? undefined : fileOf(body, file)
    if (type !== undefined && found !== undefined) {
      const name = found.name === '' ? '' : `; filename="${found.name}"`
      reply.header('content-disposition', `attachment${name}`).header('x-content-type-options', 'nosniff')
      return reply.type(type).send(found.content)
    }
  }
  return reply.type('application/json; charset=utf-8').send(body)
}
