import type { FastifyInstance } from 'fastify'
import type { Sessions } from '../modules/sessions/index.ts'

/** Serves the public keys of access tokens, for programs of the provider that verify them without asking. */
export function registerJwks(server: FastifyInstance, { keyring }: Sessions): void {
  server.get('/.well-known/jwks.json', (_request, reply) =>
    reply.header('cache-control', 'public, max-age=60').send(keyring.jwks()),
  )
}
