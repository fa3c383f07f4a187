import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { type TestApp, testApp } from '../../../test/app.ts'
import { seedAccount } from '../../../test/seed.ts'
import { basic, bearer, call, givePassword, knock, type Node, secondNode, startNode } from '../../../test/sign-in.ts'
import { fixedClock } from '../../clock.ts'
import type { PrivilegeTree } from '../../privileges.ts'
import { identityChanged } from './announce.ts'

const password = 'correct horse'
const clock = fixedClock(new Date('2026-11-01T12:00:00Z'))
let app: TestApp
let node: Node
let other: Node

beforeAll(async () => {
  app = await testApp({ timeZone: 'Europe/Tallinn', accessTokenSeconds: 365 * 86_400 }, clock)
  node = await startNode(app)
  other = await secondNode(app)
})
afterAll(async () => {
  await other.close()
  await node.close()
  await app.close()
})

const logIn = async (username: string) =>
  bearer((await call(node, 'POST', '/login', { body: { username, password } })).json().token)
async function owner() {
  const account = await seedAccount(app)
  await givePassword(app, account, password)
  return { ...account, headers: await logIn(account.email) }
}
async function contactOf(accountId: string, privileges: PrivilegeTree) {
  const email = `contact${Math.random().toString(36).slice(2, 10)}@example.com`
  const { id: profileId } = await app.db
    .insertInto('profile')
    .values({ account_id: accountId, email, privileges: JSON.stringify(privileges), created_at: clock.now() })
    .returning('id')
    .executeTakeFirstOrThrow()
  await givePassword(app, { accountId, profileId }, password)
  return { accountId, profileId, email, headers: await logIn(email) }
}
async function withoutPrivileges() {
  return (await contactOf((await owner()).accountId, {})).headers
}
async function changePrivileges(profileId: string, privileges: PrivilegeTree): Promise<void> {
  const after: (() => void)[] = []
  const ctx = { ...app, afterCommit: (action: () => void) => void after.push(action) }
  await app.db.transaction().execute(async tx => {
    await tx
      .updateTable('profile')
      .set({ privileges: JSON.stringify(privileges) })
      .where('id', '=', profileId)
      .execute()
    await identityChanged(ctx, tx, { profileId })
  })
  for (const action of after) action()
}
const create = (headers: Record<string, string>, body: object) => call(node, 'POST', '/tokens', { body, headers })
const privilegesOf = async (headers: Record<string, string>, on = node) =>
  (await call(on, 'GET', '/contact/privileges', { headers })).json().privileges

test('a personal token opens the API as Bearer, and as the password of its own user', async () => {
  const { email, headers } = await owner()
  const stranger = await owner()
  const made = await create(headers, { name: 'zone sync' })
  expect(made.json()).toEqual({
    success: true,
    token: expect.stringMatching(/^ikp_[\w-]{43}$/),
    id: expect.stringMatching(/^\d+$/),
    info: ['token_added'],
  })
  const { token } = made.json()
  for (const on of [node, other]) {
    expect(await knock(on, bearer(token))).toBe(200)
    expect(await knock(on, basic(email.toUpperCase(), token))).toBe(200)
    expect(await knock(on, basic(stranger.email, token))).toBe(401)
  }
})

test('the list shows everything but the secret, and only one’s own', async () => {
  const { accountId, headers } = await owner()
  const contact = await contactOf(accountId, { services: { 7: ['dns'] } })
  const wanted = {
    name: 'zone sync',
    scopes: { services: { 7: ['dns'] } },
    expires_at: '2027-01-01 00:00:00',
    allowed_addresses: ['192.0.2.77/24', '2001:DB8::1'],
  }
  const { id, token } = (await create(headers, wanted)).json()
  const list = await call(node, 'GET', '/tokens', { headers })
  expect(list.json().tokens).toEqual([
    {
      id,
      name: 'zone sync',
      scopes: { services: { 7: ['dns'] } },
      allowed_addresses: ['192.0.2.0/24', '2001:db8::1/128'],
      date_created: '2026-11-01 14:00:00',
      expires_at: '2027-01-01 00:00:00',
      last_used: '0000-00-00 00:00:00',
    },
  ])
  expect(list.body).not.toContain(token)
  expect((await call(node, 'GET', '/tokens', { headers: contact.headers })).json().tokens).toEqual([])
  expect((await call(node, 'DELETE', `/tokens/${id}`, { headers: contact.headers })).statusCode).toBe(404)
  const stored = await app.db.selectFrom('personal_token').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
  expect(JSON.stringify({ ...stored, hash: stored.hash.toString('latin1') })).not.toContain(token)
})

test('a deleted token is refused on every node', async () => {
  const { headers, accountId } = await owner()
  const { token, id } = (await create(headers, { name: 'script' })).json()
  expect(await knock(other, bearer(token))).toBe(200)
  expect((await call(node, 'DELETE', `/tokens/${id}`, { headers })).json()).toEqual({ success: true, status: true })
  expect(await knock(node, bearer(token))).toBe(401)
  await vi.waitFor(async () => expect(await knock(other, bearer(token))).toBe(401))
  expect((await call(node, 'DELETE', `/tokens/${id}`, { headers })).statusCode).toBe(404)
  const rows = await app.db
    .selectFrom('audit')
    .select('event')
    .where('account_id', '=', accountId)
    .orderBy('id')
    .execute()
  expect(rows.map(row => row.event)).toEqual(['auth.login', 'token.create', 'token.delete'])
})

test.each([
  ['an empty text', ''],
  ['null', null],
  ['an empty list', []],
  ['an empty tree', {}],
])('scopes that are %s give no privilege', async (_what, scopes) => {
  const { headers } = await owner()
  const { token } = (await create(headers, { name: 'script', scopes })).json()
  expect(await privilegesOf(bearer(token))).toEqual(await privilegesOf(await withoutPrivileges()))
})

test('a token may do what both its scopes and its person may, now', async () => {
  const { accountId } = await owner()
  const contact = await contactOf(accountId, { billing: ['orders'], services: { 7: ['dns', 'basic'], 8: ['dns'] } })
  const scopes = { services: { 7: ['dns', 'basic'] } }
  const { token } = (await create(contact.headers, { name: 'script', scopes })).json()
  const whole = (await create(contact.headers, { name: 'all' })).json().token
  for (const on of [node, other]) {
    expect(await privilegesOf(bearer(token), on)).toEqual({ services: { 7: ['basic', 'dns'] } })
    expect((await privilegesOf(contact.headers, on)).billing).toEqual(['orders'])
  }
  await changePrivileges(contact.profileId, { services: { 7: ['dns'], 8: ['dns'] } })
  for (const on of [node, other]) {
    await vi.waitFor(async () => expect(await privilegesOf(bearer(token), on)).toEqual({ services: { 7: ['dns'] } }))
    for (const headers of [contact.headers, bearer(whole)])
      await vi.waitFor(async () =>
        expect(await privilegesOf(headers, on)).toEqual({ services: { 7: ['dns'], 8: ['dns'] } }),
      )
  }
})

test('nobody gives a token more than they have', async () => {
  const { accountId } = await owner()
  const { headers } = await contactOf(accountId, { billing: ['orders'], services: { 7: ['dns'] } })
  const wanted = [
    { billing: ['addfunds'] },
    { services: { full: 1 } },
    { services: { full: '1' } },
    { services: { 8: ['dns'] } },
    { services: { 7: ['dns', 'basic'] } },
    { misc: { manageprofiles: '1' } },
  ]
  for (const scopes of wanted) {
    const answer = await create(headers, { name: 'more', scopes })
    expect([scopes, answer.statusCode, answer.json().error]).toEqual([scopes, 403, ['privileges_exceeded']])
  }
})

test.each<[string, object, string]>([
  ['no name', {}, 'name'],
  ['an empty name', { name: ' ' }, 'name'],
  ['a name with a line break', { name: 'a\nb' }, 'name'],
  ['an unknown area', { name: 'x', scopes: { root: ['all'] } }, 'scopes'],
  ['an unknown key', { name: 'x', scopes: { billing: ['everything'] } }, 'scopes'],
  ['scopes that are a text', { name: 'x', scopes: 'full' }, 'scopes'],
  ['a date that is none', { name: 'x', expires_at: '2027-02-31' }, 'expires_at'],
  ['a date gone by', { name: 'x', expires_at: '2026-11-01 13:59:59' }, 'expires_at'],
  ['an address that is none', { name: 'x', allowed_addresses: ['192.0.2.300'] }, 'allowed_addresses'],
  ['a network too wide', { name: 'x', allowed_addresses: ['192.0.2.0/33'] }, 'allowed_addresses'],
])('%s is refused with the field', async (_case, body, field) => {
  const { headers } = await owner()
  const answer = await create(headers, body)
  expect(answer.statusCode).toBe(422)
  expect(Object.keys(answer.json().fields)).toEqual([field])
})

test('a personal token neither makes nor deletes tokens', async () => {
  const { headers } = await owner()
  const { token, id } = (await create(headers, { name: 'script' })).json()
  expect((await create(bearer(token), { name: 'child' })).json().error).toEqual(['forbidden'])
  expect((await call(node, 'DELETE', `/tokens/${id}`, { headers: bearer(token) })).json().error).toEqual(['forbidden'])
})

test('a token ends with its date, also where it was verified before', async () => {
  const { headers } = await owner()
  const expires_at = new Date(clock.now().getTime() + 60_000).toISOString()
  const { token } = (await create(headers, { name: 'short', expires_at })).json()
  expect(await knock(node, bearer(token))).toBe(200)
  clock.advance(60_000)
  expect(await knock(node, bearer(token))).toBe(401)
})

test('a token is taken from its addresses only, also where it was verified before', async () => {
  const { headers } = await owner()
  const made = await create(headers, { name: 'office', allowed_addresses: ['192.0.2.0/24', '2001:db8:7::/48'] })
  const { token } = made.json()
  for (const from of ['192.0.2.9', '::ffff:192.0.2.9', '2001:db8:7::9'])
    expect(await knock(node, bearer(token), from)).toBe(200)
  for (const from of ['198.51.100.9', '2001:db8:8::9']) expect(await knock(node, bearer(token), from)).toBe(401)
})

test('the use of a token is written down, at most once a minute', async () => {
  const { headers } = await owner()
  const { token, id } = (await create(headers, { name: 'script' })).json()
  const lastUsed = async () =>
    (await app.db.selectFrom('personal_token').select('last_used_at').where('id', '=', id).executeTakeFirstOrThrow())
      .last_used_at
  const first = clock.now()
  await knock(node, bearer(token))
  await vi.waitFor(async () => expect(await lastUsed()).toEqual(first))
  clock.advance(59_000)
  await knock(node, bearer(token))
  clock.advance(1000)
  const second = clock.now()
  await knock(node, bearer(token))
  await vi.waitFor(async () => expect(await lastUsed()).toEqual(second))
})
