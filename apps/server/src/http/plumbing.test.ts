import { once } from 'node:events'
import { Agent, get, type IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { everyone, InText } from '@innkeeper/contract'
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type TestApp, testApp } from '../../test/app.ts'
import { testOperation } from '../../test/operations.ts'
import { userHttp } from '../../test/user-http.ts'
import { createLog } from '../log.ts'
import type { HttpOptions } from './app.ts'
import { closeGracefully } from './shutdown.ts'

let app: TestApp
const servers: FastifyInstance[] = []
let running: (() => void) | undefined

function serve(settings: Partial<TestApp['config']> = {}, options: HttpOptions = {}, parts: Partial<TestApp> = {}) {
  const wait = () =>
    new Promise<object>(resolve => {
      running = () => resolve({})
    })
  const input = { username: Type.Optional(InText()), password: Type.Optional(InText()) }
  const server = userHttp(
    { ...app, ...parts, config: { ...app.config, ...settings } },
    [
      {
        operation: testOperation({ method: 'GET', path: '/wait', access: everyone }),
        handle: wait as () => Promise<Record<string, unknown>>,
      },
      { operation: testOperation({ path: '/fast', access: everyone, input }), handle: async () => ({}) },
      {
        operation: testOperation({ path: '/broken', access: everyone, input }),
        handle: async () => {
          throw new Error('postgres://ada:hunter2@db.example.net/x refused')
        },
      },
    ],
    async () => undefined,
    options,
  )
  servers.push(server)
  return server
}

beforeAll(async () => {
  app = await testApp()
})
afterAll(async () => {
  await Promise.all(servers.map(server => server.close()))
  await app.close()
})

describe('health', () => {
  test('a process that lives says so, and that it is ready when every check passes', async () => {
    const server = serve({}, { checks: { migrations: async () => {} } })
    expect((await server.inject('/healthz')).json()).toEqual({ status: 'alive' })
    const ready = await server.inject('/readyz')
    expect([ready.statusCode, ready.json()]).toEqual([
      200,
      { status: 'ready', checks: { database: 'ok', migrations: 'ok' } },
    ])
  })
  test('one failing check makes it not ready, without telling why', async () => {
    const fails = async () => {
      throw new Error('secret')
    }
    const answer = await serve({}, { checks: { dns: fails } }).inject('/readyz')
    expect([answer.statusCode, answer.json()]).toEqual([
      503,
      { status: 'not ready', checks: { database: 'ok', dns: 'failing' } },
    ])
  })
})

describe('metrics', () => {
  test('requests are counted by operation and status', async () => {
    const server = serve()
    await server.inject({ method: 'POST', url: '/api/fast' })
    const answer = await server.inject('/metrics')
    expect(answer.headers['content-type']).toContain('text/plain')
    expect(answer.body).toContain('http_requests_total{operation="test..fast",method="POST",status="200"} 1')
  })
  test.each([
    ['a stranger', { remoteAddress: '192.0.2.1' }, 404],
    ['a stranger behind a proxy nobody trusts', { headers: { 'x-forwarded-for': '192.0.2.1' } }, 404],
    ['an allowed network', { remoteAddress: '198.51.100.7' }, 200],
    ['an allowed IPv6 address', { remoteAddress: '2001:db8::5' }, 200],
    ['an allowed address on a socket for both', { remoteAddress: '::ffff:198.51.100.7' }, 200],
  ])('%s', async (_who, request, status) => {
    const server = serve({ metricsAllowedAddresses: ['127.0.0.1', '198.51.100.0/24', '2001:db8::5'] })
    expect((await server.inject({ url: '/metrics', ...request })).statusCode).toBe(status)
  })
})

describe('logs', () => {
  test('no secret of a request or an error can be read in them', async () => {
    const lines: string[] = []
    const log = createLog({ logLevel: 'debug' }, { write: line => void lines.push(line) })
    const server = serve({}, {}, { log })
    const secrets = ['hunter2', 'correct horse', 'eyJhbGciOi.eyJzdWIi.c2ln', 'YWRhOmNvcnJlY3Q=']
    for (const url of ['/api/fast', '/api/broken', '/api/nothing']) {
      await server.inject({
        method: 'POST',
        url: `${url}?token=${secrets[2]}&password=hunter2`,
        headers: { authorization: `Basic ${secrets[3]}`, cookie: `session=${secrets[2]}` },
        payload: { username: 'ada', password: 'correct horse' },
      })
      await server.inject({
        method: 'POST',
        url,
        headers: { 'content-type': 'application/json' },
        payload: '{"password":"hunter2"',
      })
    }
    log.info(
      { req: { headers: { authorization: secrets[2] }, body: { '2fasecret': 'hunter2', epp_code: 'hunter2' } } },
      'x',
    )
    log.error({ err: new Error('refused', { cause: new Error(`bad Bearer ${secrets[2]}`) }) }, 'x')
    log.child({ url: '/x?refresh_token=hunter2' }).warn({ list: [{ masterKey: 'hunter2' }] }, 'x')
    const output = lines.join('')
    for (const secret of secrets) expect(output).not.toContain(secret)
    expect(lines.filter(line => line.includes('"msg":"request"'))).toHaveLength(6)
    expect(output).toContain('"operation":"test..broken"')
  })
  test('a failed request is logged under the id that its caller was given', async () => {
    const lines: string[] = []
    const log = createLog({ logLevel: 'error' }, { write: line => void lines.push(line) })
    const answer = await serve({}, {}, { log }).inject({ method: 'POST', url: '/api/broken' })
    expect(answer.json()).toEqual({ success: false, error: ['internal_error'] })
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ requestId: answer.headers['x-request-id'], level: 'error' })
  })
})

describe('behind a proxy', () => {
  const seen = async (trustedProxies: string[], forwarded: string) => {
    const lines: string[] = []
    const log = createLog({ logLevel: 'info' }, { write: line => void lines.push(line) })
    const headers = { 'x-forwarded-for': forwarded }
    await serve({ trustedProxies }, {}, { log }).inject({ method: 'POST', url: '/api/fast', headers })
    return JSON.parse(lines[0] ?? '').address
  }
  test('that is trusted, the address is the one it names', async () => {
    expect(await seen(['127.0.0.0/8'], '203.0.113.9')).toBe('203.0.113.9')
  })
  test.each([
    ['that nobody trusts', [], '203.0.113.9'],
    ['that names no address', ['127.0.0.1'], "x'; drop table"],
  ])('%s, it is the proxy', async (_what, trusted, forwarded) => {
    expect(await seen(trusted, forwarded)).toBe('127.0.0.1')
  })
})

describe('the socket', () => {
  test('what is not HTTP is answered in the words of the closed list', async () => {
    const server = serve()
    const url = new URL(await server.listen({ host: '127.0.0.1', port: 0 }))
    const socket = connect(Number(url.port), '127.0.0.1')
    socket.write('NONSENSE\r\n\r\n')
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 400 [\s\S]*\{"success":false,"error":\["bad_request"\]\}$/)
  })
  test.each([
    ['what is not HTTP', 'NONSENSE\r\n\r\n', 400],
    ['headers that are too large', `GET / HTTP/1.1\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`, 431],
  ])('%s has an X-Request-Id too, which is in the log', async (_what, sent, status) => {
    const lines: string[] = []
    const log = createLog({ logLevel: 'info' }, { write: line => void lines.push(line) })
    const url = new URL(await serve({}, {}, { log }).listen({ host: '127.0.0.1', port: 0 }))
    const socket = connect(Number(url.port), '127.0.0.1')
    socket.write(sent)
    const [, requestId] = /^x-request-id: (.+)\r$/im.exec(await text(socket)) ?? []
    expect(requestId).toMatch(/^[\w-]{36}$/)
    expect(lines.map(line => JSON.parse(line))).toContainEqual(expect.objectContaining({ requestId, status }))
  })
  test('clients that never finish their headers are cut off', () => {
    const { headersTimeout, requestTimeout, timeout } = serve().server
    expect([headersTimeout, requestTimeout, timeout].every(limit => limit > 0 && limit <= 150_000)).toBe(true)
  })

  test('a shutdown lets the running request finish, closes idle connections and takes no new ones', async () => {
    const server = serve()
    const url = await server.listen({ host: '127.0.0.1', port: 0 })
    const agent = new Agent({ keepAlive: true })
    const idle = await call(`${url}/healthz`, agent)
    expect(idle.status).toBe(200)
    const slow = call(`${url}/api/wait`)
    await expect.poll(() => running).toBeDefined()
    const closed = closeGracefully(server, 20_000)
    await expect.poll(() => call(`${url}/healthz`).catch(error => error.code)).toBe('ECONNREFUSED')
    running?.()
    expect(await slow).toEqual({ status: 200, body: '{}' })
    await closed
    agent.destroy()
  })
  test('a request that outlives the deadline is cut off', async () => {
    running = undefined
    const server = serve()
    const url = await server.listen({ host: '127.0.0.1', port: 0 })
    const slow = call(`${url}/api/wait`).catch(error => error.code)
    await expect.poll(() => running).toBeDefined()
    await closeGracefully(server, 10)
    expect(await slow).toBe('ECONNRESET')
  })
})

async function call(url: string, agent?: Agent) {
  const request = get(url, agent === undefined ? {} : { agent })
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  return { status: response.statusCode, body: await text(response) }
}
