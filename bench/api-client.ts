export interface Answer {
  readonly status: number
  readonly text: string
}

/** A client that sends one request after the other, with Node's own fetch: the same for all that is compared. */
export interface Client {
  send(method: string, path: string, body?: object): Promise<Answer>
}

export function openClient(base: string, headers: Readonly<Record<string, string>>): Client {
  return {
    async send(method, path, body) {
      const sent = body === undefined ? {} : { body: JSON.stringify(body) }
      const type: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' }
      const response = await fetch(`${base}${path}`, { method, headers: { ...headers, ...type }, ...sent })
      return { status: response.status, text: await response.text() }
    },
  }
}

/** Sends and expects success. */
export async function ask<T>(client: Client, method: string, path: string, body?: object): Promise<T> {
  const { status, text } = await client.send(method, path, body)
  if (status < 200 || status > 299) throw new Error(`${method} ${path}: ${status} ${text}`)
  return JSON.parse(text) as T // what the caller knows the operation to answer
}
