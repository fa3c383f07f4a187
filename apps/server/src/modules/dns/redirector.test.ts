import { request } from 'node:http'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestApp, testApp } from '../../../test/app.ts'
import { dnsHttp } from '../../../test/dns.ts'
import { seedAccount } from '../../../test/seed.ts'
import { type Redirector, startRedirector } from './redirector.ts'

let app: TestApp
let http: ReturnType<typeof dnsHttp>
let owner: Awaited<ReturnType<typeof seedAccount>>
let redirector: Redirector
let path: string

beforeAll(async () => {
  app = await testApp()
  http = dnsHttp(app)
  owner = await seedAccount(app)
  redirector = await startRedirector(app, { host: '127.0.0.1', port: 0 })
  const { body } = await http.call(owner.identity, 'POST', `/service/${owner.serviceId}/dns`, { name: 'example.com' })
  path = `/service/${owner.serviceId}/dns/${body.zone_id}`
  await add({ name: 'www', type: 'URL', content: 'https://example.net/welcome?a=1&b=2' })
  await add({ name: '*.wild', type: 'URL', content: 'https://example.net/any' })
  await add({ name: 'frame', type: 'FRAME', content: "https://example.net/?q='x'&r=1" })
})
afterAll(async () => {
  await redirector.close()
  await http.close()
  await app.close()
})

async function add(record: object) {
  const { status, body } = await http.call(owner.identity, 'POST', `${path}/records`, record)
  expect(status, JSON.stringify(body)).toBe(200)
  return body.record.id as string
}
async function ask(host: string, method = 'GET', url = '/') {
  return await new Promise<{ status?: number; location?: string; text: string }>((resolve, reject) => {
    const asked = request(
      { port: redirector.port, host: '127.0.0.1', method, path: url, headers: { host } },
      answer => {
        let text = ''
        answer.on('data', chunk => {
          text += chunk
        })
        answer.on('end', () => {
          const { statusCode: status = 0, headers } = answer
          resolve({ status, text, ...(headers.location === undefined ? {} : { location: headers.location }) })
        })
      },
    )
    asked.on('error', reject)
    asked.end()
  })
}

test.each([
  ['www.example.com', 301, 'https://example.net/welcome?a=1&b=2'],
  ['WWW.Example.Com.:8080', 301, 'https://example.net/welcome?a=1&b=2'],
  ['a.b.wild.example.com', 301, 'https://example.net/any'],
  ['wild.example.com', 404, undefined],
  ['other.example.com', 404, undefined],
  ['192.0.2.1', 404, undefined],
  ['[2001:db8::1]:80', 404, undefined],
  ["x'; drop table dns_record", 404, undefined],
])('%s answers %i to %s', async (host, status, location) => {
  expect(await ask(host)).toMatchObject(location === undefined ? { status } : { status, location })
})

test('the path of the request is not carried over', async () => {
  expect((await ask('www.example.com', 'GET', '/deep/er?x=1')).location).toBe('https://example.net/welcome?a=1&b=2')
})

test('a FRAME shows the page, escaped, under the name of the host', async () => {
  const { status, text } = await ask('frame.example.com')
  expect(status).toBe(200)
  const src = /<iframe src="([^"]*)"/.exec(text)?.[1] ?? ''
  const address = src.replaceAll(/&#(\d+);/g, (_all, code) => String.fromCharCode(Number(code)))
  expect(address).toBe(new URL("https://example.net/?q='x'&r=1").href)
  expect(src).not.toMatch(/[<>'"]|&(?!#\d+;)/)
  expect(text).toContain('<title>frame.example.com</title>')
})

test('HEAD has no body, and other methods are not taken', async () => {
  expect(await ask('www.example.com', 'HEAD')).toMatchObject({ status: 301, text: '' })
  expect((await ask('www.example.com', 'POST')).status).toBe(405)
})

test('a change is seen, though answers are kept', async () => {
  const host = 'new.example.com'
  expect((await ask(host)).status).toBe(404)
  const id = await add({ name: 'new', type: 'URL', content: 'https://example.net/1' })
  while ((await ask(host)).status !== 301) await new Promise(resolve => setTimeout(resolve, 5))
  await http.call(owner.identity, 'DELETE', `${path}/records/${id}`)
  while ((await ask(host)).status !== 404) await new Promise(resolve => setTimeout(resolve, 5))
})
