import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { createServer } from 'node:net'

/** A port of 127.0.0.1 that is free for TCP and UDP. */
export async function freePort(): Promise<number> {
  for (;;) {
    const tcp = createServer().listen(0, '127.0.0.1')
    await once(tcp, 'listening')
    const { port } = tcp.address() as { port: number } // of a TCP server that listens
    const udp = createSocket('udp4')
    const free = await new Promise<boolean>(resolve =>
      udp.once('error', () => resolve(false)).bind(port, '127.0.0.1', () => resolve(true)),
    )
    udp.close()
    tcp.close()
    await once(tcp, 'close')
    if (free) return port
  }
}
