import { randomUUID } from 'node:crypto'
import { type AnyOperation, errors, type InfoMessage, inProfile } from '@innkeeper/contract'
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import type { App, Context, Identity } from '../context.ts'
import type { Tx } from '../db/database.ts'
import { Refusal } from '../refusal.ts'
import type { Implementation } from './implement.ts'
import { inputReader } from './input.ts'
import { checkPrivilege } from './privilege.ts'

export interface Credentials {
  readonly authorization: string | undefined
  readonly address: string
  readonly userAgent: string
}
/** Who a request comes from; undefined without credentials. Throws a Refusal for bad ones. */
export type Authenticate = (credentials: Credentials) => Promise<Identity | undefined>

/** First working form: JSON bodies, one dialect. The seam every module is tested through. */
export function createHttp(
  app: App,
  implementations: readonly Implementation[],
  authenticate: Authenticate,
): FastifyInstance {
  const server = Fastify({ loggerInstance: app.log, genReqId: () => randomUUID() })
  for (const implementation of implementations) {
    if (inProfile(implementation.operation, app.config.profile)) route(server, app, implementation, authenticate)
  }
  server.setNotFoundHandler((_request, reply) => refuse(reply, new Refusal('invalid method')))
  server.setErrorHandler((error, request, reply) => {
    if (error instanceof Refusal) return refuse(reply, error)
    const status = (error as { statusCode?: number }).statusCode ?? 500
    if (status < 500) return refuse(reply, new Refusal(status === 413 ? 'body_too_large' : 'bad_request'))
    request.log.error({ err: error }, 'request failed')
    return refuse(reply, new Refusal('internal_error'))
  })
  return server
}

function route(server: FastifyInstance, app: App, { operation, handle }: Implementation, authenticate: Authenticate) {
  const read = inputReader(operation)
  server.route({
    method: operation.method,
    url: `/api${operation.path.replaceAll(/\{(\w+)\}/g, ':$1')}`,
    handler: async (request, reply) => {
      if (handle === undefined) throw new Refusal('invalid method')
      const credentials = {
        authorization: request.headers.authorization,
        address: request.ip,
        userAgent: request.headers['user-agent'] ?? '',
      }
      const identity = operation.access.kind === 'public' ? undefined : await authenticate(credentials)
      const input = read({ ...(request.query as object), ...(request.body as object), ...(request.params as object) })
      checkPrivilege(operation.access, identity, input)
      const answer = await inTransaction(app, request, reply, identity, ctx => handle(ctx, input))
      return rendered(operation, answer)
    },
  })
}

async function inTransaction<T>(
  app: App,
  request: FastifyRequest,
  reply: FastifyReply,
  identity: Identity | undefined,
  work: (ctx: Context) => Promise<T>,
): Promise<T> {
  let tx: Awaited<ReturnType<typeof start>> | undefined
  const start = () => app.db.startTransaction().execute()
  const afterwards: (() => void)[] = []
  const ifMatch = request.headers['if-match']
  const ctx = {
    ...app,
    log: request.log,
    requestId: request.id,
    address: request.ip,
    userAgent: request.headers['user-agent'] ?? '',
    dialect: app.config.dialect,
    profile: app.config.profile,
    ...(ifMatch === undefined ? {} : { ifMatch: ifMatch.replaceAll(/^(W\/)?"|"$/g, '') }),
    begin: async (): Promise<Tx> => {
      tx ??= await start()
      return tx
    },
    afterCommit: (action: () => void) => void afterwards.push(action),
    setHeader: (name: string, value: string) => void reply.header(name, value),
    ...(identity === undefined ? {} : { identity }),
  }
  try {
    const result = await work(ctx)
    await tx?.commit().execute()
    for (const action of afterwards) action()
    return result
  } catch (error) {
    await tx?.rollback().execute()
    throw error
  }
}

function rendered(operation: AnyOperation, answer: Readonly<Record<string, unknown>>) {
  const { info, ...payload } = answer
  const messages = info as InfoMessage[] | undefined // by the reply schemas, info is always this
  return {
    ...payload,
    ...(operation.method === 'GET' ? {} : { success: true }),
    ...(messages === undefined ? {} : { info: messages.flat() }),
  }
}

function refuse(reply: FastifyReply, refusal: Refusal) {
  const { also, fields, retryAfterSeconds } = refusal.detail
  if (retryAfterSeconds !== undefined) reply.header('retry-after', String(retryAfterSeconds))
  return reply
    .status(errors[refusal.code].status)
    .send({ success: false, error: [refusal.code, ...(also ?? [])], ...(fields ? { fields } : {}) })
}
