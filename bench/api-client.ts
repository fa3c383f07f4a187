import { Agent, request } from 'node:http'

export interface Answer {
  readonly status: number
  readonly text: string
}

/** A client of one connection that stays open, as a script of a customer is. */
export interface Client {
  send(method: string, path: string, body?: object): Promise<Answer>
  close(): void
}

export function openClient(base: string, headers: Readonly<Record<string, string>>): Client {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  return {
    send(method, path, body) {
      const text = body === undefined ? undefined : JSON.stringify(body)
      const sent =
        text === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }
      return new Promise((resolve, reject) => {
        const call = request(`${base}${path}`, { method, agent, headers: { ...headers, ...sent } }, response => {
          let received = ''
          response.setEncoding('utf8')
          response.on('data', (part: string) => {
            received += part
          })
          response.on('end', () => resolve({ status: response.statusCode ?? 0, text: received }))
          response.on('error', reject)
        })
        call.on('error', reject)
        call.end(text)
      })
    },
    close: () => agent.destroy(),
  }
}

/** Sends and expects success. */
export async function ask<T>(client: Client, method: string, path: string, body?: object): Promise<T> {
  const { status, text } = await client.send(method, path, body)
  if (status < 200 || status > 299) throw new Error(`${method} ${path}: ${status} ${text}`)
  return JSON.parse(text) as T // what the caller knows the operation to answer
}
