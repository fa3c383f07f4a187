import { type AnyOperation, pathParameters } from '@innkeeper/contract'
import type { FastifyInstance } from 'fastify'

export interface Answer {
  readonly status: number
  readonly text: string
  readonly json: Record<string, unknown>
}

/** Sends an operation as a client would: path filled in, the rest as query or JSON body. */
export async function send(
  server: FastifyInstance,
  operation: AnyOperation,
  input: Readonly<Record<string, unknown>>,
  token?: string,
  prefix = '/api',
): Promise<Answer> {
  const inPath = new Set(pathParameters(operation.path))
  const url = operation.path.replaceAll(/\{(\w+)\}/g, (_all, name: string) =>
    encodeURIComponent(String(input[name] ?? '1')),
  )
  const fields = Object.fromEntries(Object.entries(input).filter(([name]) => !inPath.has(name)))
  const answer = await server.inject({
    method: operation.method,
    url: `${prefix}${url}`,
    headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
    ...(operation.method === 'GET' ? { query: fields as Record<string, string> } : { payload: fields }), // flat texts
  })
  return { status: answer.statusCode, text: answer.body, json: answer.json() }
}
