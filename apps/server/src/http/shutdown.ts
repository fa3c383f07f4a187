import type { FastifyInstance } from 'fastify'

/**
 * Stops taking connections, closes those that idle, and lets running requests finish for at most `deadlineMilliseconds`;
 * what runs longer is cut off. Resolves when no connection is left.
 */
export async function closeGracefully(server: FastifyInstance, deadlineMilliseconds: number): Promise<void> {
  const timer = setTimeout(() => server.server.closeAllConnections(), deadlineMilliseconds)
  try {
    await server.close()
  } finally {
    clearTimeout(timer)
  }
}
