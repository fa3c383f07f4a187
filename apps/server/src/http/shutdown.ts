import type { FastifyInstance } from 'fastify'

/**
 * Stops taking connections, closes those that idle, and lets running requests finish for at most `deadlineMilliseconds`;
 * what runs longer is cut off. Resolves when no connection is left.
 */
export async function closeGracefully(server: FastifyInstance, deadlineMilliseconds: number): Promise<void> {
  const deadline = setTimeout(() => server.server.closeAllConnections(), deadlineMilliseconds)
  // A connection whose last request has just finished idles from then on, until its keep-alive ends.
  const sweep = setInterval(() => server.server.closeIdleConnections(), 50)
  try {
    await server.close()
  } finally {
    clearTimeout(deadline)
    clearInterval(sweep)
  }
}
