import { createSocket, type Socket } from 'node:dgram'
import { isIPv6 } from 'node:net'

/** Room for bursts; the kernel gives what it is allowed to (net.core.rmem_max). */
const bufferBytes = 4 * 1024 * 1024

/** Binds a socket that sends `answer`'s result back to where each packet came from. */
export async function listenUdp(
  host: string,
  port: number,
  answer: (message: Buffer) => Buffer | undefined,
  onError: (error: Error) => void,
): Promise<Socket> {
  const family = isIPv6(host) ? 6 : 4
  const socket = createSocket({
    type: family === 6 ? 'udp6' : 'udp4',
    recvBufferSize: bufferBytes,
    sendBufferSize: bufferBytes,
    // Only addresses that packets came from are sent to; the default would go through the resolver's queue with each.
    lookup: (address, _options, done) => done(null, address, family),
  })
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject)
    socket.bind({ port, address: host, exclusive: true }, () => {
      socket.off('error', reject)
      resolve()
    })
  })
  socket.on('error', onError)
  socket.on('message', (message, from) => {
    // Node refuses to send to port 0, which a forged packet may well come from.
    if (from.port === 0) return
    const response = answer(message)
    if (response !== undefined) socket.send(response, from.port, from.address)
  })
  return socket
}
