import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import packet from 'dns-packet'

const lostMilliseconds = 1000

/** Asks one name server by UDP, many questions at a time. */
export interface Resolver {
  /** False also where the answer got lost. */
  hasAddress(name: string): Promise<boolean>
  close(): void
}

export async function openResolver(port: number): Promise<Resolver> {
  const socket = createSocket('udp4')
  const waiting = new Map<number, (found: boolean) => void>()
  let last = 0
  socket.on('message', message => {
    const { id = -1, answers = [] } = packet.decode(message)
    waiting.get(id)?.(answers.length > 0)
  })
  socket.connect(port, '127.0.0.1')
  await once(socket, 'connect')
  socket.on('error', () => {}) // refused: the question counts as lost
  return {
    hasAddress(name) {
      last = (last + 1) % 65_536
      const id = last
      return new Promise(resolve => {
        const answer = (found: boolean) => {
          clearTimeout(timer)
          waiting.delete(id)
          resolve(found)
        }
        const timer = setTimeout(() => answer(false), lostMilliseconds)
        waiting.set(id, answer)
        socket.send(packet.encode({ type: 'query', id, questions: [{ type: 'A', name }] }))
      })
    },
    close: () => socket.close(),
  }
}
