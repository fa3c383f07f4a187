import { InBoolean, InId, InInteger, InText } from '@innkeeper/contract'
import type { FastifyInstance, InjectOptions } from 'fastify'
import { Type } from 'typebox'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type TestApp, testApp } from '../../test/app.ts'
import { testOperation } from '../../test/operations.ts'
import { userHttp } from '../../test/user-http.ts'

const Person = Type.Object({ firstname: Type.Optional(InText()), email: Type.Optional(InText()) })
const input = {
  id: InId,
  name: InText(),
  ttl: Type.Optional(InInteger(0, 1000)),
  send: Type.Optional(InBoolean()),
  nameservers: Type.Optional(Type.Array(InText())),
  custom: Type.Optional(Type.Record(Type.String(), Type.Record(Type.String(), InText()))),
  ipaddress: Type.Optional(Type.Record(Type.String(), InText())),
  contact_info: Type.Optional(Type.Record(Type.String(), Person)),
  content: Type.Optional(Type.Union([InText(), Type.Array(Type.Union([Type.Number(), Type.String()]))])),
  loose: Type.Optional(Type.Unknown()),
}

let app: TestApp
let server: FastifyInstance
let seen: unknown[] = []

beforeAll(async () => {
  app = await testApp()
  const handle = async (_ctx: unknown, sent: unknown) => {
    seen.push(sent)
    return {}
  }
  server = userHttp(
    app,
    [
      { operation: testOperation({ method: 'POST', path: '/try/{id}', input }), handle },
      { operation: testOperation({ method: 'PUT', path: '/change/{id}', input }), handle },
      { operation: testOperation({ method: 'DELETE', path: '/try/{id}', input: { id: InId } }), handle },
      { operation: testOperation({ method: 'GET', path: '/try/{id}', input: { id: InId } }), handle },
      { operation: testOperation({ method: 'POST', path: '/plain' }), handle },
      { operation: testOperation({ method: 'GET', path: '/ticket/departments' }) },
      { operation: testOperation({ method: 'GET', path: '/ticket/{id}', input: { id: InId } }), handle },
    ],
    async () => undefined,
  )
})
afterAll(async () => {
  await server.close()
  await app.close()
})
beforeEach(() => {
  seen = []
})

const form = 'application/x-www-form-urlencoded'
const multipart = (fields: Record<string, string>) => ({
  headers: { 'content-type': 'multipart/form-data; boundary=xx' },
  payload: `${Object.entries(fields)
    .map(([name, value]) => `--xx\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`)
    .join('')}--xx\r\nContent-Disposition: form-data; name="f"; filename="a.txt"\r\n\r\nbytes\r\n--xx--\r\n`,
})

const sameInput: [string, InjectOptions][] = [
  ['JSON', { method: 'POST', url: '/api/try/7', payload: { name: 'a', ttl: 10, send: true, nameservers: ['x', 'y'] } }],
  [
    'JSON with everything as text',
    {
      method: 'POST',
      url: '/api/try/7',
      payload: { name: 'a', ttl: '10', send: 'on', nameservers: { 0: 'x', 1: 'y' } },
    },
  ],
  [
    'a form',
    {
      method: 'POST',
      url: '/api/try/7',
      headers: { 'content-type': form },
      payload: 'name=a&ttl=10&send=true&nameservers[0]=x&nameservers%5B1%5D=y',
    },
  ],
  [
    'a form on PUT, with unnumbered brackets',
    {
      method: 'PUT',
      url: '/api/change/7',
      headers: { 'content-type': `${form}; charset=UTF-8` },
      payload: 'name=a&ttl=10&send=1&nameservers[]=x&nameservers[]=y',
    },
  ],
  [
    'POST where only PUT is documented',
    { method: 'POST', url: '/api/change/7', payload: { name: 'a', ttl: 10, send: true, nameservers: ['x', 'y'] } },
  ],
  [
    'multipart',
    {
      method: 'POST',
      url: '/api/try/7',
      ...multipart({ name: 'a', ttl: '10', send: 'yes', 'nameservers[0]': 'x', 'nameservers[1]': 'y' }),
    },
  ],
  [
    'the query string of a POST',
    { method: 'POST', url: '/api/try/7?name=a&ttl=10&send=1&nameservers[]=x&nameservers[]=y' },
  ],
  [
    'the query string of a PUT with an empty JSON body',
    {
      method: 'PUT',
      url: '/api/change/7?name=a&ttl=10&send=1&nameservers[0]=x&nameservers[1]=y',
      headers: { 'content-type': 'application/json', 'content-length': '0' },
    },
  ],
  [
    'path before body before query',
    {
      method: 'POST',
      url: '/api/try/7?name=b&ttl=10&id=9',
      payload: { id: 8, name: 'a', send: true, nameservers: ['x', 'y'] },
    },
  ],
  [
    'JSON that calls itself a form, as curl -d sends it',
    {
      method: 'POST',
      url: '/api/try/7',
      headers: { 'content-type': form },
      payload: '{"name":"a","ttl":10,"send":1,"nameservers":["x","y"]}',
    },
  ],
  [
    'JSON as plain text',
    {
      method: 'POST',
      url: '/api/try/7',
      headers: { 'content-type': 'text/plain' },
      payload: '{"name":"a","ttl":10,"send":1,"nameservers":["x","y"]}',
    },
  ],
  [
    'a trailing slash, doubled slashes, nonsense in Accept-Encoding',
    {
      method: 'POST',
      url: '/api//try/7/',
      headers: { 'accept-encoding': 'utf-8' },
      payload: { name: 'a', ttl: 10, send: true, nameservers: ['x', 'y'] },
    },
  ],
  [
    'unknown, null and prototype fields besides',
    {
      method: 'POST',
      url: '/api/try/7?__proto__[name]=z&constructor=1&toString=2',
      payload: { name: 'a', ttl: 10, send: true, nameservers: ['x', 'y'], nonsense: { a: 1 }, loose: null },
    },
  ],
]

test.each(sameInput)('%s reaches the operation as the same input', async (_form, request) => {
  const answer = await server.inject(request)
  expect(answer.json()).toEqual({ success: true })
  expect(seen).toEqual([{ id: '7', name: 'a', ttl: 10, send: true, nameservers: ['x', 'y'] }])
})

const nested: [string, object][] = [
  ['custom[1618][10330]=1', { custom: { 1618: { 10330: '1' } } }],
  ['custom[0][5]=1', { custom: { 0: { 5: '1' } } }],
  ['custom[3][0]=a&custom[3][1]=b', { custom: { 3: { 0: 'a', 1: 'b' } } }],
  ['ipaddress[192.0.2.1]=host.example.com', { ipaddress: { '192.0.2.1': 'host.example.com' } }],
  ['contact_info[registrant][firstname]=Ada', { contact_info: { registrant: { firstname: 'Ada' } } }],
  ['content[]=10&content[]=sip.example.com', { content: ['10', 'sip.example.com'] }],
  ['content=5', { content: '5' }],
  ['ttl=&send=', { send: false }],
  ['nameservers=', { nameservers: [] }],
  ['nameservers=one', { nameservers: ['one'] }],
  ['name=b', { name: 'b' }],
  ['name=Zo%C3%AB+%2B', { name: 'Zoë +' }],
  ['loose[services][10][]=dns', { loose: { services: { 10: ['dns'] } } }],
]
test.each(nested)('the form %s is read as PHP reads it', async (text, expected) => {
  const headers = { 'content-type': form }
  await server.inject({ method: 'POST', url: '/api/try/7', headers, payload: `name=a&${text}` })
  await server.inject({ method: 'POST', url: `/api/try/7?name=a&${text}` })
  expect(seen).toEqual([
    { id: '7', name: 'a', ...expected },
    { id: '7', name: 'a', ...expected },
  ])
})

test('GET and DELETE with a JSON body, and HEAD for GET, are taken', async () => {
  for (const method of ['GET', 'DELETE'] as const) {
    const headers = { 'content-type': 'application/json' }
    const answer = await server.inject({ method, url: '/api/try/7', headers, payload: '{}' })
    expect(answer.statusCode).toBe(200)
  }
  const head = await server.inject({ method: 'HEAD', url: '/api/try/7' })
  expect([head.statusCode, head.body]).toEqual([200, ''])
  expect(seen).toHaveLength(3)
})

test.each(['[]', '{}', '', ' ', '\ufeff{}'])('the JSON body %j holds no parameters', async payload => {
  const headers = { 'content-type': 'application/json' }
  const answer = await server.inject({ method: 'POST', url: '/api/plain', headers, payload })
  expect(answer.json()).toEqual({ success: true })
})

describe('what cannot be read is refused in the words of the closed list', () => {
  const deep = (levels: number) => `${'{"a":'.repeat(levels - 1)}{}${'}'.repeat(levels - 1)}`
  const json = 'application/json'
  const refused: [string, string, string | Buffer, number, string][] = [
    ['broken JSON', json, '{"name":', 400, 'bad_request'],
    ['a JSON list', json, '[1]', 400, 'bad_request'],
    ['a JSON text', json, '"a"', 400, 'bad_request'],
    ['null', json, 'null', 400, 'bad_request'],
    ['JSON nine levels deep', json, deep(9), 400, 'bad_request'],
    ['brackets nine levels deep', form, `a${'[b]'.repeat(8)}=1`, 400, 'bad_request'],
    ['a key twice', json, '{"name":"a","name":"b"}', 400, 'bad_request'],
    ['a key twice in other letters', json, '{"x":{"name":1,"n\\u0061me":2}}', 400, 'bad_request'],
    ['__proto__ in JSON', json, '{"name":"a","__proto__":{"x":1}}', 400, 'bad_request'],
    ['JSON that is not UTF-8', json, Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]), 400, 'bad_request'],
    ['a form that is not UTF-8', form, 'name=%ff', 400, 'bad_request'],
    ['multipart without boundary', 'multipart/form-data', 'x', 400, 'bad_request'],
    [
      'multipart cut short',
      'multipart/form-data; boundary=xx',
      '--xx\r\nContent-Disposition: form-data',
      400,
      'bad_request',
    ],
    ['five thousand fields', form, 'a=1&'.repeat(5000), 400, 'bad_request'],
    ['more than a MiB', json, `{"name":"${'a'.repeat(1024 * 1024)}"}`, 413, 'body_too_large'],
    ['XML', 'application/xml', '<a/>', 415, 'unsupported_media_type'],
    ['no media type at all', ';;;', '{}', 415, 'unsupported_media_type'],
    ['plain text that is nothing', 'text/plain', 'hello', 415, 'unsupported_media_type'],
  ]
  test.each(refused)('%s', async (_what, type, payload, status, code) => {
    const answer = await server.inject({
      method: 'POST',
      url: '/api/try/7',
      headers: { 'content-type': type },
      payload,
    })
    expect([answer.statusCode, answer.json()]).toEqual([status, { success: false, error: [code] }])
    expect(seen).toEqual([])
  })
  test('compressed bodies', async () => {
    const headers = { 'content-type': json, 'content-encoding': 'gzip' }
    const answer = await server.inject({ method: 'POST', url: '/api/try/7', headers, payload: '{}' })
    expect(answer.json().error).toEqual(['unsupported_media_type'])
  })
  test('eight levels are read', async () => {
    const answer = await server.inject({
      method: 'POST',
      url: '/api/try/7',
      payload: `{"name":"a","loose":${deep(7)}}`,
      headers: { 'content-type': json },
    })
    expect(answer.statusCode).toBe(200)
  })
  test.each(['/api/try/7?name=%ff', '/api/try/7?a[b][c][d][e][f][g][h][i][j]=1', '/api/try/%ff'])(
    'the URL %s',
    async url => {
      const answer = await server.inject({ method: 'POST', url, payload: { name: 'a' } })
      expect([answer.statusCode, answer.json().error]).toEqual([400, ['bad_request']])
      expect(answer.headers['x-request-id']).toBeTruthy()
    },
  )
})

describe('values that do not fit are named by field', () => {
  const wrong: [string, object, object][] = [
    ['a missing field', { ttl: 1 }, { name: ['field_empty_error'] }],
    ['an empty required text', { name: '' }, { name: ['field_empty_error'] }],
    ['null for a required text', { name: null }, { name: ['field_empty_error'] }],
    [
      'several at once',
      { ttl: 'x', send: 'maybe' },
      { name: ['field_empty_error'], ttl: ['field_format_error'], send: ['field_format_error'] },
    ],
    ['a huge number', { name: 'a', ttl: 1e300 }, { ttl: ['field_format_error'] }],
    ['a number past what JSON keeps', { name: 2 ** 60 }, { name: ['field_format_error'] }],
    ['U+0000', { name: 'a\0b' }, { name: ['field_format_error'] }],
    ['half a surrogate pair', { name: 'a\ud800' }, { name: ['field_format_error'] }],
    ['U+0000 in a key far inside', { name: 'a', loose: { x: [{ 'k\0': 1 }] } }, { loose: ['field_format_error'] }],
    ['an object for a text', { name: { $ne: 1 } }, { name: ['field_format_error'] }],
  ]
  test.each(wrong)('%s', async (_what, payload, fields) => {
    const answer = await server.inject({ method: 'POST', url: '/api/try/7', payload })
    const [[field, [code]]] = Object.entries(fields) as [[string, [string]]]
    expect([answer.statusCode, answer.json()]).toEqual([422, { success: false, error: [code, field], fields }])
    expect(seen).toEqual([])
  })
  test.each(['abc', '0', '-1', '1%00', "1'--", '99999999999999999999', '%E2%82%AC'])('no id: %s', async id => {
    const answer = await server.inject({ method: 'GET', url: `/api/try/${id}` })
    expect([answer.statusCode, answer.json()]).toEqual([404, { success: false, error: ['not_found'] }])
  })
})

test('paths that are no operation, planned ones and foreign profiles are an invalid method', async () => {
  for (const url of ['/api/nothing', '/nothing', '/api/ticket/departments', '/api/try']) {
    const answer = await server.inject({ method: 'GET', url })
    expect([answer.statusCode, answer.json()]).toEqual([404, { success: false, error: ['invalid method'] }])
  }
})

test('a page of another origin may call', async () => {
  const preflight = await server.inject({
    method: 'OPTIONS',
    url: '/api/try/7',
    headers: { origin: 'https://panel.example.com', 'access-control-request-method': 'PUT' },
  })
  expect([preflight.statusCode, preflight.headers['access-control-allow-origin']]).toEqual([204, '*'])
  expect(preflight.headers['access-control-allow-credentials']).toBeUndefined()
})
