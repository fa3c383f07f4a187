import { randomInt } from 'node:crypto'
import { createSocket } from 'node:dgram'
import { connect } from 'node:net'
import { type DnsResponse, decodeResponse, encodeQuery, type QueryOptions, type QuestionType } from './message.ts'

/** How a question travels; by UDP unless told. */
export interface AskOptions extends QueryOptions {
  readonly transport?: 'udp' | 'tcp'
}

/** Asks a name server one question. */
export type Ask = (name: string, type: QuestionType, options?: AskOptions) => Promise<DnsResponse>

const patience = 5_000

/** Asks the server at that port of 127.0.0.1, by UDP unless told otherwise. Rejects where no answer comes. */
export function createAsk(port: number): Ask {
  return async (name, type, options = {}) => {
    const id = randomInt(65536)
    const query = encodeQuery(id, name, type, options)
    const reply = await (options.transport === 'tcp' ? byTcp(port, query) : byUdp(port, query))
    if (reply.readUInt16BE(0) !== id) throw new Error('the answer is to another question')
    return decodeResponse(reply)
  }
}

function byUdp(port: number, query: Buffer): Promise<Buffer> {
  const socket = createSocket('udp4')
  return new Promise<Buffer>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('no answer by UDP')), patience)
    socket.once('error', reject)
    socket.once('message', message => {
      clearTimeout(timer)
      resolve(message)
    })
    socket.send(query, port, '127.0.0.1')
  }).finally(() => socket.close())
}

function byTcp(port: number, query: Buffer): Promise<Buffer> {
  const socket = connect(port, '127.0.0.1')
  return new Promise<Buffer>((resolve, reject) => {
    let received = Buffer.alloc(0)
    socket.setTimeout(patience, () => reject(new Error('no answer by TCP')))
    socket.once('error', reject)
    socket.once('close', () => reject(new Error('the server closed the connection')))
    socket.on('data', bytes => {
      received = Buffer.concat([received, bytes])
      if (received.length >= 2 && received.length >= 2 + received.readUInt16BE(0)) resolve(received.subarray(2))
    })
    const length = Buffer.alloc(2)
    length.writeUInt16BE(query.length)
    socket.write(Buffer.concat([length, query]))
  }).finally(() => socket.destroy())
}
