import type { FastifyInstance } from 'fastify'
import type { Surface } from './surface.ts'

/**
 * Pages of any origin may call the User API: the identity is in a header that no browser sends by itself, never in a
 * cookie, so there is nothing for a foreign page to ride on (docs/decisions/0005).
 */
export function allowBrowsers(server: FastifyInstance, { prefix, anyOrigin }: Surface): void {
  if (!anyOrigin) return
  server.options(`${prefix}/*`, async (_request, reply) =>
    reply
      .headers({
        'access-control-allow-methods': 'GET, POST, PUT, DELETE',
        'access-control-allow-headers': 'Authorization, Content-Type, Idempotency-Key, If-Match, X-Request-Id',
        'access-control-max-age': '86400',
      })
      .status(204)
      .send(),
  )
}

/** Added to every answer of a surface. Answers hold secrets and personal data: no cache keeps them. */
export function surfaceHeaders({ anyOrigin }: Surface): Readonly<Record<string, string>> {
  return {
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    ...(anyOrigin
      ? {
          'access-control-allow-origin': '*',
          'access-control-expose-headers':
            'ETag, Idempotency-Replayed, RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset, Retry-After, X-Request-Id',
        }
      : {}),
  }
}
