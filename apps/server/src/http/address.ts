import { isIP } from 'node:net'
import type { FastifyRequest } from 'fastify'

/**
 * Where a request comes from. Behind a trusted proxy that is what the proxy says, unless that is no address at all:
 * the text goes into queries and logs. IPv4 is written as such also on a socket that takes both.
 */
export function clientAddress(request: Pick<FastifyRequest, 'ip' | 'socket'>): string {
  const address = isIP(request.ip) === 0 ? (request.socket.remoteAddress ?? '') : request.ip
  return address.startsWith('::ffff:') && address.includes('.') ? address.slice(7) : address
}
