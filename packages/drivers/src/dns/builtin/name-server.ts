import type { Socket } from 'node:dgram'
import type { Server, Socket as TcpSocket } from 'node:net'
import { DriverError } from '../../kit/driver-error.ts'
import type { DnsDriver, Zone } from '../driver.ts'
import { recordTypes } from '../records/types.ts'
import { wireToName } from '../records/wire-name.ts'
import { compileZone, wireName } from './compile-zone.ts'
import { createDataEncoder } from './data-encoder.ts'
import { createNotifier, type Notifier } from './notifier.ts'
import { readQuestion } from './question.ts'
import { createResponder } from './responder.ts'
import { listenTcp } from './tcp-listener.ts'
import { addressFilter, isTransfer, transferZone } from './transfer.ts'
import { listenUdp } from './udp-listener.ts'
import { apexName, serialOf } from './zone-block.ts'
import { ZoneTable } from './zone-table.ts'

/** How the server listens and whom it trusts. */
export interface NameServerOptions {
  /** Address to bind, IPv4 or IPv6; `::` takes both. */
  readonly host: string
  /** For UDP and TCP; 0 takes a free one. */
  readonly port: number
  /** Longest UDP answer, 512 to 4096 bytes; 1232 passes every usual network whole. */
  readonly ednsUdpSize?: number
  /** Addresses or networks (CIDR) that may transfer zones. */
  readonly allowTransfer: readonly string[]
  /** Secondaries to notify of changes: `192.0.2.1:53`, `[2001:db8::1]:53`. */
  readonly notify: readonly string[]
  readonly tcpConnections?: number
  readonly tcpConnectionsPerAddress?: number
  readonly tcpIdleMilliseconds?: number
  readonly tcpMessageMilliseconds?: number
  readonly log: NameServerLog
}

/** The part of a logger that is used; pino's has it. */
export interface NameServerLog {
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

/** The authoritative name server in the program; as a driver it takes the zones it serves. */
export interface NameServer extends DnsDriver {
  readonly name: 'builtin'
  /** The port that it listens on. */
  port(): number
  /** Binds both sockets; throws a DriverError `misconfigured` where that cannot be. Zones may be published before. */
  listen(): Promise<void>
}

/** Tries for a port that is free for TCP and UDP alike. */
const portAttempts = 20

/** Makes a name server that does not listen yet. Throws a DriverError `misconfigured` for options that cannot be. */
export function createNameServer(options: NameServerOptions): NameServer {
  const zones = new ZoneTable()
  const encode = createDataEncoder()
  const responder = createResponder(zones, Math.min(Math.max(options.ednsUdpSize ?? 1232, 512), 4096))
  const mayTransfer = transferFilter(options.allowTransfer)
  const notifier: Notifier = createNotifier(options.notify, (zone, secondary) =>
    options.log.warn({ zone, secondary }, 'a secondary does not acknowledge notices'),
  )
  const connections = new Set<TcpSocket>()
  let sockets: { udp: Socket; tcp: Server; port: number } | undefined

  const onError = (error: unknown) => options.log.error({ err: error }, 'the name server met an error')

  const answerDatagram = (message: Buffer): Buffer | undefined => {
    try {
      return responder.respond(message, 'udp')
    } catch (error) {
      onError(error)
      return undefined
    }
  }

  function* answerStream(message: Buffer, address: string): Generator<Buffer> {
    const question = message.length < 12 ? undefined : readQuestion(message)
    const zone = question === undefined ? undefined : zones.get(question.name)
    if (question !== undefined && zone !== undefined && isTransfer(message, question) && mayTransfer(address)) {
      yield* transferZone(message, question, zone)
      return
    }
    const response = responder.respond(message, 'tcp')
    if (response !== undefined) yield response
  }

  const bind = async (port: number) => {
    const limits = {
      connections: options.tcpConnections ?? 512,
      connectionsPerAddress: options.tcpConnectionsPerAddress ?? 32,
      idleMilliseconds: options.tcpIdleMilliseconds ?? 10_000,
      messageMilliseconds: options.tcpMessageMilliseconds ?? 10_000,
    }
    const tcp = await listenTcp(options.host, port, answerStream, limits, onError)
    tcp.on('connection', socket => {
      connections.add(socket)
      socket.on('close', () => connections.delete(socket))
    })
    const address = tcp.address()
    const bound = typeof address === 'object' && address !== null ? address.port : port
    try {
      sockets = { tcp, udp: await listenUdp(options.host, bound, answerDatagram, onError), port: bound }
    } catch (error) {
      await new Promise(resolve => tcp.close(resolve))
      throw error
    }
  }

  const requireSockets = () => {
    if (sockets === undefined) throw new DriverError('unavailable', 'the name server is not listening')
    return sockets
  }

  return {
    name: 'builtin',
    types: new Set(recordTypes),
    port: () => requireSockets().port,
    async listen() {
      for (let attempt = 1; ; attempt++) {
        try {
          return await bind(options.port)
        } catch (error) {
          if (options.port === 0 && attempt < portAttempts) continue
          const where = `${options.host} port ${options.port}`
          throw new DriverError('misconfigured', `the name server cannot listen on ${where}`, { cause: error })
        }
      }
    },
    async list() {
      return new Map(Array.from(zones, zone => [wireToName(apexName(zone)), serialOf(zone)]))
    },
    async publish(zone: Zone) {
      const apex = wireName(zone.name)
      const previous = zones.get(apex)
      zones.put(compileZone(zone, encode))
      if (previous === undefined || serialOf(previous) !== zone.serial) notifier.notify(zone.name)
    },
    async remove(name) {
      zones.remove(wireName(name))
    },
    async check() {
      requireSockets()
    },
    async close() {
      notifier.close()
      if (sockets === undefined) return
      const { udp, tcp } = sockets
      sockets = undefined
      for (const connection of connections) connection.destroy()
      await Promise.all([new Promise<void>(done => udp.close(done)), new Promise(done => tcp.close(done))])
    },
  }
}

function transferFilter(networks: readonly string[]): (address: string) => boolean {
  try {
    return addressFilter(networks)
  } catch (error) {
    throw new DriverError('misconfigured', 'a network that may transfer zones is not an address or CIDR', {
      cause: error,
    })
  }
}
