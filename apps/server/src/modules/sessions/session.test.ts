import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { type TestApp, testApp } from '../../../test/app.ts'
import { seedAccount } from '../../../test/seed.ts'
import { basic, bearer, givePassword, type Node, secondNode, startNode } from '../../../test/sign-in.ts'
import { recordQueries } from '../../db/query-log.ts'
import { hashPassword } from './password.ts'

const password = 'correct horse'
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
  return account
}
const post = (on: Node, url: string, payload: object, headers = {}) =>
  on.server.inject({ method: 'POST', url: `/api${url}`, payload, headers })
const logIn = (email: string, on = node) => post(on, '/login', { username: email, password })
const whoAmI = (headers: object, on = node) =>
  on.server.inject({ method: 'GET', url: '/api/contact/privileges', headers: { ...headers } })

test('signing in gives tokens that open the API on every node', async () => {
  const { email, profileId } = await person()
  const answer = await logIn(email.toUpperCase())
  expect(answer.statusCode).toBe(200)
  const { token, refresh } = answer.json()
  expect(refresh).toMatch(/^rt_[\w-]{43}$/)
  for (const on of [node, other])
    expect((await whoAmI(bearer(token), on)).json().privileges.services).toEqual({ full: 1 })
  const row = await app.db.selectFrom('login').selectAll().where('profile_id', '=', profileId).executeTakeFirstOrThrow()
  expect([row.last_login_address, row.last_login_at]).toEqual(['127.0.0.1', expect.any(Date)])
})

test('the keys the tokens are signed with are published, without their private parts', async () => {
  const { keys } = (await node.server.inject('/.well-known/jwks.json')).json()
  expect(keys).toEqual([
    { kty: 'RSA', use: 'sig', alg: 'RS256', kid: expect.any(String), n: expect.any(String), e: 'AQAB' },
  ])
})

test('signing out ends the session on the node that heard it at once, and on the others', async () => {
  const { email } = await person()
  const { token, refresh } = (await logIn(email)).json()
  expect((await whoAmI(bearer(token), other)).statusCode).toBe(200)
  expect((await post(node, '/logout', {}, bearer(token))).json()).toEqual({ status: true, success: true })
  expect((await whoAmI(bearer(token))).statusCode).toBe(401)
  await vi.waitFor(async () => expect((await whoAmI(bearer(token), other)).statusCode).toBe(401))
  expect((await post(node, '/token', { refresh_token: refresh })).json().error).toEqual(['unauthorized'])
})

test('a refresh token gives a new pair', async () => {
  const { email } = await person()
  const first = (await logIn(email)).json()
  const second = (await post(node, '/token', { refresh_token: first.refresh })).json()
  expect(second.refresh).not.toBe(first.refresh)
  expect((await whoAmI(bearer(second.token))).statusCode).toBe(200)
})

test('a refresh token used twice ends its session, on every node', async () => {
  const { email, accountId } = await person()
  const first = (await logIn(email)).json()
  const second = (await post(node, '/token', { refresh_token: first.refresh })).json()
  expect((await whoAmI(bearer(second.token), other)).statusCode).toBe(200)
  expect((await post(node, '/token', { refresh_token: first.refresh })).json().error).toEqual(['unauthorized'])
  for (const token of [first.token, second.token]) expect((await whoAmI(bearer(token))).statusCode).toBe(401)
  await vi.waitFor(async () => expect((await whoAmI(bearer(second.token), other)).statusCode).toBe(401))
  expect((await post(node, '/token', { refresh_token: second.refresh })).statusCode).toBe(401)
  const events = await app.db
    .selectFrom('audit')
    .select('event')
    .where('account_id', '=', accountId)
    .orderBy('id')
    .execute()
  expect(events.map(row => row.event)).toEqual(['auth.login', 'auth.refresh', 'auth.refresh_reuse'])
})

test('a refresh sent again with its Idempotency-Key gets the first answer, and the session lives', async () => {
  const { email } = await person()
  const { refresh } = (await logIn(email)).json()
  const again = () => post(node, '/token', { refresh_token: refresh }, { 'idempotency-key': refresh })
  const first = (await again()).json()
  expect((await again()).json()).toEqual(first)
  expect((await whoAmI(bearer(first.token))).statusCode).toBe(200)
})

test('of concurrent uses of one refresh token exactly one wins, and the others end the session', async () => {
  const { email } = await person()
  const { refresh } = (await logIn(email)).json()
  const nodes = [node, other, node, other, node]
  const answers = await Promise.all(nodes.map(on => post(on, '/token', { refresh_token: refresh })))
  const won = answers.filter(answer => answer.statusCode === 200)
  expect(answers.map(answer => answer.statusCode).sort()).toEqual([200, 401, 401, 401, 401])
  expect((await whoAmI(bearer(won[0]?.json().token))).statusCode).toBe(401)
})

test('revoking a refresh token ends its session; an unknown one is answered the same', async () => {
  const { email } = await person()
  const { token, refresh } = (await logIn(email)).json()
  expect((await post(node, '/revoke', { refresh_token: refresh })).json()).toEqual({ status: true, success: true })
  expect((await whoAmI(bearer(token))).statusCode).toBe(401)
  expect((await post(node, '/revoke', { refresh_token: 'rt_unknown' })).json()).toEqual({ status: true, success: true })
})

test('a new password ends sessions and the old password, on every node', async () => {
  const account = await person()
  const { token } = (await logIn(account.email)).json()
  const old = basic(account.email, password)
  for (const headers of [bearer(token), old]) expect((await whoAmI(headers, other)).statusCode).toBe(200)
  await givePassword(app, account, 'another password')
  for (const headers of [bearer(token), old]) {
    expect((await whoAmI(headers)).statusCode).toBe(401)
    await vi.waitFor(async () => expect((await whoAmI(headers, other)).statusCode).toBe(401))
  }
  expect((await whoAmI(basic(account.email, 'another password'))).statusCode).toBe(200)
})

test('Basic is taken, and a wrong password is refused with both codes and a challenge', async () => {
  const { email } = await person()
  expect((await whoAmI(basic(email, password))).statusCode).toBe(200)
  const refused = await whoAmI(basic(email, 'wrong horse'))
  expect(refused.statusCode).toBe(401)
  expect(refused.json()).toEqual({ success: false, error: ['wronglogin', 'unauthorized'] })
  expect(refused.headers['www-authenticate']).toBe('Basic realm="User API", charset="UTF-8"')
})

test('a node that may have missed a revocation asks the database again', async () => {
  const { email, accountId } = await person()
  const { token } = (await logIn(email)).json()
  expect((await whoAmI(bearer(token), other)).statusCode).toBe(200)
  await app.db.transaction().execute(async tx => {
    await sql`select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and application_name = 'innkeeper notifications'`.execute(tx)
    // Without a notification, as if it were sent while nobody listened.
    await tx.updateTable('session').set({ revoked_at: new Date() }).where('account_id', '=', accountId).execute()
  })
  await vi.waitFor(async () => expect((await whoAmI(bearer(token), other)).statusCode).toBe(401))
  await vi.waitFor(() => expect(other.app.notifications.connected()).toBe(true))
  expect((await whoAmI(bearer(token), other)).statusCode).toBe(401)
})

test('a password of fewer than eight characters or more than 1024 bytes is none', async () => {
  for (const [word, code] of [
    ['seven77', 'passistooshort'],
    ['ÅÅÅÅÅÅÅ', 'passistooshort'],
    ['x'.repeat(1025), 'field_format_error'],
    ['å'.repeat(600), 'field_format_error'],
  ] as const)
    await expect(hashPassword(word)).rejects.toMatchObject({ code, detail: { fields: { password: [code] } } })
  expect(await hashPassword('eight888')).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
})

test('a host name is not looked up for addresses that have none', async () => {
  const { email, profileId } = await person()
  await logIn(email)
  const row = await app.db
    .selectFrom('login')
    .select('last_login_host')
    .where('profile_id', '=', profileId)
    .executeTakeFirst()
  expect(row).toEqual({ last_login_host: '' })
})

test('signing in takes ten statements, and a request with a known token or password none', async () => {
  const { email } = await person()
  await logIn(email)
  const signIn = await recordQueries(() => logIn(email))
  expect(signIn.result.statusCode).toBe(200)
  expect(signIn.queries).toHaveLength(10)
  for (const headers of [bearer(signIn.result.json().token), basic(email, password)]) {
    expect((await whoAmI(headers)).statusCode).toBe(200)
    const { result, queries } = await recordQueries(() => whoAmI(headers))
    expect(result.statusCode).toBe(200)
    expect(queries).toEqual([])
  }
})
