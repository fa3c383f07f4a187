import { createServer, type Server, type Socket } from 'node:net'
import ipaddr from 'ipaddr.js'

/** DNS over TCP (RFC 7766): each message follows its length in two bytes. */
export interface TcpLimits {
  /** Connections beyond this are closed at once. */
  readonly connections: number
  /** Of one address (IPv6: of one /64) at most; beyond, the one on which nothing has moved for longest gives way. */
  readonly connectionsPerAddress: number
  /** A connection on which nothing moves for so long is closed. */
  readonly idleMilliseconds: number
  /** A query has to be whole so long after its first byte, or its connection is closed. */
  readonly messageMilliseconds: number
}

/** Listens; `answer` gives the messages that answer one query, none where the connection is to be closed. */
export async function listenTcp(
  host: string,
  port: number,
  answer: (message: Buffer, address: string) => Iterable<Buffer>,
  limits: TcpLimits,
  onError: (error: unknown) => void,
): Promise<Server> {
  const server = createServer({ noDelay: true })
  server.maxConnections = limits.connections
  const places = placesByAddress(limits.connectionsPerAddress)
  server.on('connection', socket => {
    const moved = places(socket)
    socket.setTimeout(limits.idleMilliseconds, () => socket.destroy())
    // Resets are the other side's right.
    socket.on('error', () => socket.destroy())
    converse(socket, answer, limits.messageMilliseconds, moved).catch(error => {
      onError(error)
      socket.destroy()
    })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen({ host, port, ipv6Only: false, exclusive: true }, () => {
      server.off('error', reject)
      resolve()
    })
  })
  server.on('error', onError)
  return server
}

/** Keeps one host from taking all connections. Gives, for each, what to call when something moves on it. */
function placesByAddress(limit: number): (socket: Socket) => () => void {
  const open = new Map<string, Set<Socket>>()
  return socket => {
    const network = networkOf(socket.remoteAddress ?? '')
    const ofNetwork = open.get(network) ?? new Set() // the one that moved last is last
    open.set(network, ofNetwork)
    const [stillest] = ofNetwork
    if (ofNetwork.size >= limit && stillest !== undefined) {
      ofNetwork.delete(stillest)
      stillest.destroy()
    }
    ofNetwork.add(socket)
    socket.on('close', () => {
      ofNetwork.delete(socket)
      if (ofNetwork.size === 0 && open.get(network) === ofNetwork) open.delete(network)
    })
    return () => {
      if (ofNetwork.delete(socket)) ofNetwork.add(socket)
    }
  }
}

/** Whoever has one IPv6 address has its whole /64. */
function networkOf(address: string): string {
  if (!ipaddr.isValid(address)) return address
  const parsed = ipaddr.process(address)
  if (parsed.kind() === 'ipv4') return parsed.toString()
  return parsed.toByteArray().slice(0, 8).join('.')
}

/** Reads queries and answers them in their order; reads on only when the answers so far are on their way. */
async function converse(
  socket: Socket,
  answer: (message: Buffer, address: string) => Iterable<Buffer>,
  messageMilliseconds: number,
  moved: () => void,
): Promise<void> {
  const address = socket.remoteAddress
  if (address === undefined) return
  let pending: Buffer = Buffer.alloc(0)
  let deadline: NodeJS.Timeout | undefined
  try {
    for await (const chunk of socket) {
      // A socket without encoding gives Buffers.
      moved()
      pending = pending.length === 0 ? (chunk as Buffer) : Buffer.concat([pending, chunk as Buffer])
      let at = 0
      while (at + 2 <= pending.length && at + 2 + pending.readUInt16BE(at) <= pending.length) {
        const end = at + 2 + pending.readUInt16BE(at)
        let answered = false
        for (const message of answer(pending.subarray(at + 2, end), address)) {
          answered = true
          moved()
          if (!(await send(socket, message))) return
        }
        if (!answered) return
        at = end
      }
      pending = pending.subarray(at)
      if (at > 0 || pending.length === 0) {
        clearTimeout(deadline)
        deadline = undefined
      }
      if (pending.length > 0) deadline ??= setTimeout(() => socket.destroy(), messageMilliseconds)
    }
  } catch (error) {
    if (!socket.destroyed) throw error
  } finally {
    clearTimeout(deadline)
    socket.end()
  }
}

/** Writes one message, and waits while the other side does not read; false where it has gone. */
async function send(socket: Socket, message: Buffer): Promise<boolean> {
  const framed = Buffer.allocUnsafe(message.length + 2)
  framed.writeUInt16BE(message.length, 0)
  message.copy(framed, 2)
  if (socket.destroyed || !socket.writable) return false
  if (socket.write(framed)) return true
  await new Promise<void>(resolve => {
    const done = () => {
      socket.off('drain', done).off('close', done)
      resolve()
    }
    socket.on('drain', done).on('close', done)
  })
  return !socket.destroyed
}
