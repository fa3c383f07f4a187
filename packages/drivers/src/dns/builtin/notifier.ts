import { createSocket, type Socket } from 'node:dgram'
import { isIPv6 } from 'node:net'
import { encode } from 'dns-packet'
import { DriverError } from '../../kit/driver-error.ts'

/** Tells secondaries that a zone has changed (RFC 1996), again and again until they say that they heard. */
export interface Notifier {
  notify(zone: string): void
  close(): void
}

interface Secondary {
  readonly address: string
  readonly port: number
}

interface Notice {
  readonly zone: string
  readonly secondary: Secondary
  readonly id: number
  attempts: number
  timer?: NodeJS.Timeout
}

const firstWaitMilliseconds = 1000
const attempts = 6
/** So many at a time, because a server that starts has a notice for each zone. */
const atOnce = 200
const authoritativeNotify = (4 << 11) | 0x0400

export function createNotifier(targets: readonly string[], log: (zone: string, secondary: string) => void): Notifier {
  const secondaries = targets.map(parseSecondary)
  const sockets = new Map<4 | 6, Socket>()
  const waiting = new Map<string, Notice>()
  const sent = new Map<number, Notice>()
  let nextId = Math.floor(Math.random() * 65536)

  const socketFor = (address: string): Socket => {
    const family = isIPv6(address) ? 6 : 4
    const known = sockets.get(family)
    if (known !== undefined) return known
    const socket = createSocket(family === 6 ? 'udp6' : 'udp4')
    socket.on('message', (message, from) => acknowledge(message, from))
    // A refused port is reported here; the retries go on regardless.
    socket.on('error', () => undefined)
    socket.unref()
    sockets.set(family, socket)
    return socket
  }

  const acknowledge = (message: Buffer, from: { address: string; port: number }) => {
    // QR and opcode NOTIFY; whatever the code, the secondary has heard (RFC 1996 §3.11).
    if (message.length < 12 || ((message[2] ?? 0) & 0xf8) !== 0xa0) return
    const notice = sent.get(message.readUInt16BE(0))
    if (notice?.secondary.address !== from.address || notice.secondary.port !== from.port) return
    settle(notice)
  }

  const settle = (notice: Notice) => {
    clearTimeout(notice.timer)
    sent.delete(notice.id)
    sendWaiting()
  }

  const transmit = (notice: Notice) => {
    if (notice.attempts === attempts) {
      log(notice.zone, `${notice.secondary.address}:${notice.secondary.port}`)
      settle(notice)
      return
    }
    const packet = encode({
      type: 'query',
      id: notice.id,
      flags: authoritativeNotify,
      questions: [{ type: 'SOA', name: notice.zone }],
    })
    socketFor(notice.secondary.address).send(packet, notice.secondary.port, notice.secondary.address, () => undefined)
    notice.timer = setTimeout(transmit, firstWaitMilliseconds * 2 ** notice.attempts, notice)
    notice.timer.unref()
    notice.attempts++
  }

  const sendWaiting = () => {
    for (const [key, notice] of waiting) {
      if (sent.size >= atOnce) return
      waiting.delete(key)
      sent.set(notice.id, notice)
      transmit(notice)
    }
  }

  const freeId = (): number => {
    do nextId = (nextId + 1) & 0xffff
    while (sent.has(nextId))
    return nextId
  }

  return {
    notify(zone) {
      for (const secondary of secondaries) {
        waiting.set(`${zone} ${secondary.address} ${secondary.port}`, { zone, secondary, id: freeId(), attempts: 0 })
      }
      sendWaiting()
    },
    close() {
      waiting.clear()
      for (const notice of sent.values()) clearTimeout(notice.timer)
      sent.clear()
      for (const socket of sockets.values()) socket.close()
    },
  }
}

/** `192.0.2.1:53` or `[2001:db8::1]:53`; the port may be left out. */
function parseSecondary(text: string): Secondary {
  const match = /^(?:\[([0-9a-f:.]+)\]|([0-9.]+))(?::(\d{1,5}))?$/i.exec(text)
  const address = match?.[1] ?? match?.[2]
  if (address === undefined) throw new DriverError('misconfigured', `${text} is not an address and port to notify`)
  return { address, port: Number(match?.[3] ?? 53) }
}
