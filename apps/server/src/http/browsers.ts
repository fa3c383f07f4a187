import type { FastifyInstance } from 'fastify'

/**
 * Pages of any origin may call the API: the identity is in a header that no browser sends by itself, never in a
 * cookie, so there is nothing for a foreign page to ride on (docs/decisions/0005).
 */
export function allowBrowsers(server: FastifyInstance): void {
  server.options('/api/*', async (_request, reply) =>
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

/** Added to every answer below /api. Answers hold secrets and personal data: no cache keeps them. */
export const apiHeaders = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'access-control-allow-origin': '*',
  'access-control-expose-headers':
    'ETag, Idempotency-Replayed, RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset, Retry-After, X-Request-Id',
}
