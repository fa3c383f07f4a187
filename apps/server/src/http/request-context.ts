import type { FastifyRequest } from 'fastify'
import type { App, Context, Identity } from '../context.ts'
import { clientAddress } from './address.ts'
import type { RequestTransaction } from './transaction.ts'

/** What the context of a request is made of, besides the App. */
export interface ContextParts {
  readonly app: App
  readonly request: FastifyRequest
  readonly identity: Identity | undefined
  readonly transaction: RequestTransaction
  readonly headers: Map<string, string>
}

export function requestContext({ app, request, identity, transaction, headers }: ContextParts): Context {
  const ifMatch = request.headers['if-match']
  return {
    ...app,
    // A logger of its own for a request costs more than the rest of the context, and most requests log nothing.
    get log() {
      return app.log.child({ requestId: request.id })
    },
    requestId: request.id,
    address: clientAddress(request),
    userAgent: request.headers['user-agent'] ?? '',
    dialect: app.config.dialect,
    profile: app.config.profile,
    ...(ifMatch === undefined ? {} : { ifMatch: ifMatch.replaceAll(/^(W\/)?"|"$/g, '') }),
    begin: transaction.begin,
    afterCommit: transaction.afterCommit,
    setHeader: (name, value) => void headers.set(name.toLowerCase(), sanitised(value)),
    ...(identity === undefined ? {} : { identity }),
  }
}

/** Without the characters that end a header or that Node refuses to send (RFC 9110 §5.5). */
function sanitised(value: string): string {
  return value.replaceAll(/[^\t\x20-\x7e]/g, '')
}
