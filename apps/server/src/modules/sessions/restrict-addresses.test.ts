import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { type TestApp, testApp } from '../../../test/app.ts'
import { seedAccount } from '../../../test/seed.ts'
import { basic, bearer, call, givePassword, knock, type Node, secondNode, startNode } from '../../../test/sign-in.ts'

const password = 'correct horse'
const inside = '192.0.2.9'
const outside = '198.51.100.9'
let app: TestApp
let node: Node
let other: Node

beforeAll(async () => {
  app = await testApp()
  node = await startNode(app)
  other = await secondNode(app)
})
afterAll(async () => {
  await other.close()
  await node.close()
  await app.close()
})

async function person() {
  const account = await seedAccount(app)
  await givePassword(app, account, password)
  const body = { username: account.email, password }
  const session = (await call(node, 'POST', '/login', { body, from: inside })).json()
  return { ...account, session, headers: bearer(session.token) }
}
const restrict = (headers: Record<string, string>, body: object) =>
  call(node, 'PUT', '/ipaccess', { body, headers, from: inside })

test('a restricted account is refused from elsewhere, with whatever credential and on every node', async () => {
  const { email, headers, session } = await person()
  const { token } = (await call(node, 'POST', '/tokens', { body: { name: 'x' }, headers, from: inside })).json()
  const credentials = [headers, bearer(token), basic(email, token), basic(email, password)]
  for (const credential of credentials) expect(await knock(other, credential, outside)).toBe(200)
  const answer = await restrict(headers, { allowed_addresses: ['192.0.2.77/24', '2001:db8:7::/48'] })
  expect(answer.json()).toEqual({
    success: true,
    allowed_addresses: ['192.0.2.0/24', '2001:db8:7::/48'],
    info: ['success_changes_save'],
  })
  for (const credential of credentials) {
    expect(await knock(node, credential, outside)).toBe(401)
    await vi.waitFor(async () => expect(await knock(other, credential, outside)).toBe(401), { interval: 200 })
    expect(await knock(other, credential, inside)).toBe(200)
  }
  const body = { username: email, password }
  expect((await call(node, 'POST', '/login', { body, from: outside })).json().error).toEqual(['wronglogin'])
  const refresh = { refresh_token: session.refresh }
  expect((await call(node, 'POST', '/token', { body: refresh, from: outside })).statusCode).toBe(401)
  expect((await call(node, 'POST', '/token', { body: refresh, from: inside })).statusCode).toBe(200)
})

test('a list that shuts the caller out is refused, unless forced', async () => {
  const { headers } = await person()
  const allowed_addresses = ['203.0.113.0/24']
  const refused = await restrict(headers, { allowed_addresses })
  expect([refused.statusCode, refused.json().error]).toEqual([409, ['ipaccess_lockout']])
  expect(await knock(node, headers, inside)).toBe(200)
  expect((await restrict(headers, { allowed_addresses, force: 'true' })).statusCode).toBe(200)
  expect(await knock(node, headers, inside)).toBe(401)
  expect(await knock(node, headers, '203.0.113.1')).toBe(200)
})

test('a personal token may change the list, but never force one', async () => {
  const { headers } = await person()
  const { token } = (await call(node, 'POST', '/tokens', { body: { name: 'x' }, headers, from: inside })).json()
  for (const allowed_addresses of [['203.0.113.0/24'], ['192.0.2.0/24']]) {
    const answer = await restrict(bearer(token), { allowed_addresses, force: 'true' })
    expect([answer.statusCode, answer.json().error]).toEqual([403, ['forbidden']])
  }
  expect((await restrict(bearer(token), { allowed_addresses: ['192.0.2.0/24'] })).statusCode).toBe(200)
  expect(await knock(node, headers, inside)).toBe(200)
})

test('an empty list opens the account again, and each change is in its log', async () => {
  const { headers, accountId } = await person()
  await restrict(headers, { allowed_addresses: ['192.0.2.0/24'] })
  await restrict(headers, { allowed_addresses: [] })
  expect(await knock(node, headers, outside)).toBe(200)
  const list = await call(node, 'GET', '/ipaccess', { headers })
  expect(list.json()).toEqual({ allowed_addresses: [] })
  const rows = await app.db
    .selectFrom('audit')
    .select('description')
    .where('account_id', '=', accountId)
    .where('event', '=', 'account.ipaccess')
    .orderBy('id')
    .execute()
  expect(rows.map(row => row.description)).toEqual(['Access from listed addresses only', 'Access from every address'])
})

test('a list with something that is no network changes nothing', async () => {
  const { headers } = await person()
  const answer = await restrict(headers, { allowed_addresses: ['192.0.2.0/24', 'office'] })
  expect([answer.statusCode, Object.keys(answer.json().fields)]).toEqual([422, ['allowed_addresses']])
  expect(await knock(node, headers, outside)).toBe(200)
})
