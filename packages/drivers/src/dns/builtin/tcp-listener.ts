import { createServer, type Server, type Socket } from 'node:net'

/** DNS over TCP (RFC 7766): each message follows its length in two bytes. */
export interface TcpLimits {
  /** Connections beyond this are closed at once. */
  readonly connections: number
  /** A connection on which nothing moves for so long is closed. */
  readonly idleMilliseconds: number
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
  server.on('connection', socket => {
    socket.setTimeout(limits.idleMilliseconds, () => socket.destroy())
    // Resets are the other side's right.
    socket.on('error', () => socket.destroy())
    converse(socket, answer).catch(error => {
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

/** Reads queries and answers them in their order; reads on only when the answers so far are on their way. */
async function converse(socket: Socket, answer: (message: Buffer, address: string) => Iterable<Buffer>): Promise<void> {
  const address = socket.remoteAddress
  if (address === undefined) return
  let pending: Buffer = Buffer.alloc(0)
  try {
    for await (const chunk of socket) {
      // A socket without encoding gives Buffers.
      pending = pending.length === 0 ? (chunk as Buffer) : Buffer.concat([pending, chunk as Buffer])
      let at = 0
      while (at + 2 <= pending.length && at + 2 + pending.readUInt16BE(at) <= pending.length) {
        const end = at + 2 + pending.readUInt16BE(at)
        let answered = false
        for (const message of answer(pending.subarray(at + 2, end), address)) {
          answered = true
          if (!(await send(socket, message))) return
        }
        if (!answered) return
        at = end
      }
      pending = pending.subarray(at)
    }
  } catch (error) {
    if (!socket.destroyed) throw error
  } finally {
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
