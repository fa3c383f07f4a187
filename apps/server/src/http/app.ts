import { randomUUID } from 'node:crypto'
import type { Socket } from 'node:net'
import { errors } from '@innkeeper/contract'
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest, LogController } from 'fastify'
import type { App } from '../context.ts'
import { turnstile } from '../db/turnstile.ts'
import { Refusal } from '../refusal.ts'
import { clientAddress } from './address.ts'
import { bodyLimitBytes, readBodies } from './bodies.ts'
import { allowBrowsers, surfaceHeaders } from './browsers.ts'
import { errorAnswer, refusalOf } from './errors.ts'
import { parseQuery } from './fields.ts'
import { addHealth, type Check } from './health.ts'
import { registerReference } from './reference.ts'
import { requestId } from './request-id.ts'
import { addRoute } from './route.ts'
import { isStaff, type Surface, surfaceOf } from './surface.ts'

export interface HttpOptions {
  /** Answer 500 rather than send what a reply schema does not describe; on in tests unless told. */
  readonly checkReplies?: boolean
  /** What else has to work for this process to be ready, by name. */
  readonly checks?: Readonly<Record<string, Check>>
}

/** The connection of a client that announces more than this is closed instead. */
const droppedBytes = 64 * 1024 * 1024

/** Two connections of the pool stay free of transactions, for the reads that handlers do beside them. */
const keptFree = 2

/** The HTTP side of the program, not yet listening: the seam every module is tested through. */
export function createHttp(app: App, surfaces: readonly Surface[], options: HttpOptions = {}): FastifyInstance {
  const { config } = app
  const refuse = refuser(app, surfaces)
  const server = Fastify({
    loggerInstance: app.log,
    logController: new LogController({ disableRequestLogging: true }),
    childLoggerFactory: logger => logger, // one line a request is written below, with its id
    genReqId: requestId,
    bodyLimit: bodyLimitBytes,
    trustProxy: config.trustedProxies.length === 0 ? false : [...config.trustedProxies],
    // Clients that send a byte now and then are cut off; the largest body over a slow line still gets through.
    requestTimeout: 120_000,
    connectionTimeout: 150_000,
    keepAliveTimeout: 72_000,
    http: { headersTimeout: 20_000 },
    forceCloseConnections: 'idle',
    return503OnClosing: false, // what still arrives on an open connection is answered
    routerOptions: {
      ignoreTrailingSlash: true,
      ignoreDuplicateSlashes: true,
      maxParamLength: 512,
      querystringParser: parseQuery,
    },
    frameworkErrors: (error, request, reply) => {
      reply.header('x-request-id', request.id)
      return refuse(error, request, reply)
    },
    clientErrorHandler: (error, socket) => answerNonsense(app, error, socket),
  })
  server.decorateRequest('caller', undefined)
  server.decorateRequest('reached', false)
  server.decorateRequest('address', '')
  const headers = new Map(surfaces.map(surface => [surface, surfaceHeaders(surface)]))
  server.addHook('onRequest', (request, reply, done) => {
    request.address = clientAddress(request)
    reply.header('x-request-id', request.id)
    const surface = surfaceOf(surfaces, request.url)
    if (surface !== undefined) reply.headers(headers.get(surface) ?? {})
    done()
  })
  const logsRequests = ['trace', 'debug', 'info'].includes(app.log.level)
  server.addHook('onResponse', (request, reply, done) => {
    app.metrics.request(operationOf(request), request.method, reply.statusCode, reply.elapsedTime / 1000)
    if (logsRequests) logRequest(app, request, reply)
    done()
  })
  server.setNotFoundHandler((request, reply) => refuse(new Refusal('invalid method'), request, reply))
  server.setErrorHandler((error, request, reply) => refuse(error, request, reply))
  readBodies(server)
  for (const surface of surfaces) allowBrowsers(server, surface)
  addHealth(server, app, options.checks ?? {})
  registerReference(
    server,
    config.brandName,
    surfaces.map(({ reference }) => reference),
  )
  const parts = {
    app,
    gate: turnstile(Math.max(1, config.databasePoolSize - keptFree)),
    checkReplies: options.checkReplies ?? process.env.NODE_ENV === 'test',
  }
  for (const surface of surfaces) for (const route of surface.routes) addRoute(server, surface, route, parts)
  return server
}

/** The one place where a failure becomes an answer. */
function refuser(app: App, surfaces: readonly Surface[]) {
  return (error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const refusal = refusalOf(error)
    if (errors[refusal.code].status >= 500) app.log.error({ err: error, requestId: request.id }, 'request failed')
    const surface = surfaceOf(surfaces, request.url)
    const { status, body } = errorAnswer(refusal, surface?.dialect ?? app.config.dialect, !request.reached)
    if (refusal.detail.retryAfterSeconds !== undefined) {
      reply.header('retry-after', String(Math.ceil(refusal.detail.retryAfterSeconds)))
    }
    // Closed while the client still sends, the connection would often take our answer with it: the rest is read and dropped.
    if (refusal.code === 'body_too_large' && Number(request.headers['content-length']) <= droppedBytes)
      reply.removeHeader('connection')
    if (refusal.detail.headers !== undefined) reply.headers(refusal.detail.headers)
    if (status === 401 && surface !== undefined && !reply.hasHeader('www-authenticate'))
      reply.header('www-authenticate', surface.challenge)
    return reply.status(status).type('application/json; charset=utf-8').send(body)
  }
}

/** Id of the operation a request reached; '' where there is none. */
function operationOf(request: FastifyRequest): string {
  return request.routeOptions.config.operation ?? ''
}

/** One line for every answer. The query is left out: clients put passwords and tokens there. */
function logRequest(app: App, request: FastifyRequest, reply: FastifyReply): void {
  const operation = operationOf(request)
  app.log.info(
    {
      requestId: request.id,
      operation,
      method: request.method,
      path: operation === '' ? undefined : request.url.split('?', 1)[0],
      status: reply.statusCode,
      milliseconds: Math.round(reply.elapsedTime * 10) / 10,
      address: request.address,
      ...whoOf(request),
    },
    'request',
  )
}

function whoOf({ caller }: FastifyRequest) {
  if (caller === undefined) return {}
  return isStaff(caller) ? { staffId: caller.staffId } : { accountId: caller.accountId }
}

/** What is not HTTP never becomes a request. */
function answerNonsense({ config, log }: App, error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return
  const { body } = errorAnswer(new Refusal('bad_request'), config.dialect, true)
  const id = randomUUID()
  const status = error.code === 'HPE_HEADER_OVERFLOW' ? '431 Request Header Fields Too Large' : '400 Bad Request'
  log.info({ requestId: id, status: Number.parseInt(status, 10), address: socket.remoteAddress }, 'not a request')
  const headers = [
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    `X-Request-Id: ${id}`,
    'Connection: close',
  ]
  socket.end(`HTTP/1.1 ${status}\r\n${headers.join('\r\n')}\r\n\r\n${body}`)
}
