import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { inProfile, operations, profileNames, staffOperations } from '@innkeeper/contract'
import Fastify from 'fastify'
import { expect, test } from 'vitest'
import { type Config, defaultConfig } from '../config.ts'
import { registerReference } from './reference.ts'
import { once } from './reference-assets.ts'
import { staffReference, userReference } from './reference-documents.ts'

function serverOf(settings: Partial<Config> = {}) {
  const server = Fastify()
  const config = { ...defaultConfig('/nowhere'), ...settings }
  registerReference(server, config.brandName, [userReference(config), staffReference(config)])
  return server
}

test.each(profileNames)('the documents of profile %s are served with its operations', async profile => {
  const server = serverOf({ profile, publicUrl: 'https://my.example.com' })
  const swagger = (await server.inject('/userapi/swagger.json')).json()
  const openapi = (await server.inject('/userapi/openapi.json')).json()
  expect([swagger.swagger, swagger.host, swagger.basePath]).toEqual(['2.0', 'my.example.com', '/api'])
  expect([openapi.openapi, openapi.servers]).toEqual(['3.1.0', [{ url: 'https://my.example.com/api' }]])
  const published = operations.filter(({ documents }) => documents.length > 0)
  const expected = published.filter(operation => inProfile(operation, profile)).map(({ path }) => path)
  expect(Object.keys(swagger.paths).sort()).toEqual([...new Set(expected)].sort())
  expect(Object.keys(openapi.paths)).toEqual(Object.keys(swagger.paths))
})

test('extensions are in a document of their own', async () => {
  const document = (await serverOf().inject('/userapi/extensions.json')).json()
  expect(Object.keys(document.paths)).toEqual(
    expect.arrayContaining(['/signup', '/passwordreset', '/mfa/verify', '/tokens', '/tokens/{id}']),
  )
})

test('the staff API has a page and a document of its own, whatever customers are served', async () => {
  const server = serverOf({ profile: 'dns-only', publicUrl: 'https://my.example.com' })
  const document = (await server.inject('/adminapi/openapi.json')).json()
  expect(document.servers).toEqual([{ url: 'https://my.example.com/admin/api' }])
  expect(Object.keys(document.paths).sort()).toEqual([...new Set(staffOperations.map(({ path }) => path))].sort())
  const page = await server.inject('/adminapi')
  expect([page.statusCode, page.payload]).toEqual([200, expect.stringContaining('/adminapi/start.js')])
  expect((await server.inject('/adminapi/start.js')).payload).toContain("location.origin + '/admin/api'")
})

test('a document is sent in the encoding the client takes, and its ETag saves sending it again', async () => {
  const server = serverOf()
  const ask = (headers: Record<string, string>) => server.inject({ url: '/userapi/openapi.json', headers })
  const plain = await ask({ 'accept-encoding': 'utf-8' })
  const brotli = await ask({ 'accept-encoding': 'gzip, br;q=0.5' })
  const gzip = await ask({ 'accept-encoding': 'gzip, br;q=0' })
  expect([plain, brotli, gzip].map(({ headers }) => headers['content-encoding'])).toEqual([undefined, 'br', 'gzip'])
  expect(brotliDecompressSync(brotli.rawPayload).toString()).toBe(plain.payload)
  expect(gunzipSync(gzip.rawPayload).toString()).toBe(plain.payload)
  const again = await ask({ 'if-none-match': String(plain.headers.etag) })
  expect([again.statusCode, again.payload]).toEqual([304, ''])
  expect((await ask({ 'if-none-match': '"other"' })).statusCode).toBe(200)
})

test('the page allows nothing from another origin, and escapes the brand name', async () => {
  const page = await serverOf({ brandName: '<b>Inn & Co</b>' }).inject('/userapi')
  const policy = String(page.headers['content-security-policy'])
  expect(policy).toContain("default-src 'none'")
  expect(policy).toContain("script-src 'self';")
  expect(policy).not.toMatch(/https?:|\*/)
  expect(page.payload).toContain('&lt;b&gt;Inn &amp; Co&lt;/b&gt;')
  expect(page.payload).not.toContain('<b>')
})

test('only the page carries the headers of a page', async () => {
  const document = await serverOf().inject('/userapi/openapi.json')
  expect(document.headers['content-security-policy']).toBeUndefined()
  expect(document.headers['access-control-allow-origin']).toBe('*')
})

test('a part that could not be made is tried again when asked for again', async () => {
  let calls = 0
  const part = once(async () => {
    calls += 1
    if (calls === 1) throw new Error('no memory')
    return 'made'
  })
  await expect(part()).rejects.toThrow('no memory')
  expect([await part(), await part(), calls]).toEqual(['made', 'made', 2])
})

test('the bare address leads to the page', async () => {
  const { statusCode, headers } = await serverOf().inject('/')
  expect([statusCode, headers.location]).toEqual([302, '/userapi'])
})
