import { createPublicKey, generateKeyPairSync } from 'node:crypto'
import type { ProfileName } from '@innkeeper/contract'
import { createSigner } from 'fast-jwt'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestApp, testApp } from '../../test/app.ts'
import { seedAccount } from '../../test/seed.ts'
import { basic, bearer, call, givePassword, knock, type Node, startNode } from '../../test/sign-in.ts'
import { fixedClock } from '../clock.ts'
import { selectKeys } from '../modules/sessions/keys-store.ts'
import { readBasic } from './authenticate.ts'

const password = 'correct horse'
const clock = fixedClock(new Date('2026-11-01T12:00:00Z'))
let app: TestApp
let node: Node
let token: string
let email: string
let accountId: string

beforeAll(async () => {
  app = await testApp({}, clock)
  node = await startNode(app)
  const account = await seedAccount(app)
  ;({ email, accountId } = account)
  await givePassword(app, account, password)
  token = (await call(node, 'POST', '/login', { body: { username: email, password } })).json().token
})
afterAll(async () => {
  await node.close()
  await app.close()
})

/** Signs the claims of the real token with what an attacker may have. */
async function forgeries(): Promise<Record<string, string>> {
  const [, payload = '', signature = ''] = token.split('.')
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString())
  const [key] = await selectKeys(app.db)
  if (key === undefined) throw new Error('no key')
  const { kid, publicJwk } = key
  const publicPem = String(createPublicKey({ key: publicJwk, format: 'jwk' }).export({ type: 'spki', format: 'pem' }))
  const own = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs8', format: 'pem' })
  const real = app.secrets.decrypt(`signing_key:${kid}`, key.privateKey).toString()
  const text = (header: object, body: object = claims) =>
    [header, body].map(part => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')
  const signed = (body: object) => createSigner({ key: real, algorithm: 'RS256', kid })(body)
  return {
    'algorithm none': `${text({ alg: 'none', kid })}.`,
    'algorithm none with a signature': `${text({ alg: 'none', kid })}.${signature}`,
    'the public key as the secret of an HMAC': createSigner({
      key: Buffer.from(publicPem.replaceAll('\n', ' ')),
      algorithm: 'HS256',
      kid,
    })(claims),
    'another key': createSigner({ key: String(own), algorithm: 'RS256', kid })(claims),
    'another key under an invented kid': createSigner({ key: String(own), algorithm: 'RS256', kid: 'mine' })(claims),
    'a kid that is a path': `${text({ alg: 'RS256', kid: '../../etc/passwd' })}.${signature}`,
    'a kid that is no text': `${text({ alg: 'RS256', kid: { $ne: 1 } })}.${signature}`,
    'no kid': `${text({ alg: 'RS256' })}.${signature}`,
    'the real algorithm in another family': createSigner({ key: real, algorithm: 'RS512', kid })(claims),
    'claims changed after signing': `${text({ alg: 'RS256', typ: 'JWT', kid }, { ...claims, sub: '1' })}.${signature}`,
    'another issuer': signed({ ...claims, iss: 'https://evil.example' }),
    'another audience': signed({ ...claims, aud: 'other' }),
    'no expiry': signed({ ...claims, exp: undefined }),
    expired: signed({ ...claims, exp: Math.floor(clock.now().getTime() / 1000) }),
    'a session that is none': signed({ ...claims, sid: '00000000-0000-4000-8000-000000000000' }),
    'a session that is no uuid': signed({ ...claims, sid: "' or 1=1" }),
    'a profile that is no number': signed({ ...claims, sub: 'x' }),
    'a profile that is too large a number': signed({ ...claims, sub: '99999999999999999999' }),
    'the session of somebody else': signed({ ...claims, sub: '1' }),
    'no JSON in it': 'e30.e30.e30',
    'two parts': 'a.b',
    empty: '',
    'an unknown personal token': 'ikp_unknown',
    'a refresh token': 'rt_5l9Tq0Xc3m4u8sYB2nVwZk7p',
    'bytes that are no text': '\xff\xfe',
    'a megabyte': 'a'.repeat(1024 * 1024),
  }
}

test('a token that is not ours, or no more, is refused, whatever is wrong with it', async () => {
  expect(await knock(node, bearer(token))).toBe(200)
  for (const [name, forged] of Object.entries(await forgeries())) {
    const answer = await call(node, 'GET', '/contact/privileges', { headers: bearer(forged) })
    expect([name, answer.statusCode, answer.json().error]).toEqual([name, 401, ['unauthorized']])
    expect(answer.headers['www-authenticate']).toMatch(/^Bearer/)
  }
})

test.each<[string, string | undefined]>([
  ['nothing', undefined],
  ['no scheme', 'x'],
  ['a scheme alone', 'Basic'],
  ['an unknown scheme', 'Digest username="ada"'],
  ['no base64', 'Basic ***'],
  ['base64 with bits to spare', 'Basic YR=='],
  ['no colon', `Basic ${Buffer.from('ada').toString('base64')}`],
  ['an empty password', `Basic ${Buffer.from('ada@example.com:').toString('base64')}`],
  ['an empty user', `Basic ${Buffer.from(':secret').toString('base64')}`],
  ['Latin-1', `Basic ${Buffer.from('ada@example.com:\xe9t\xe9', 'latin1').toString('base64')}`],
  ['NUL in the user', `Basic ${Buffer.from('a\0da:secret').toString('base64')}`],
  ['a megabyte', `Basic ${'YWRhOng='.repeat(131_072)}`],
])('%s as credentials is refused', async (_case, authorization) => {
  const headers = authorization === undefined ? {} : { authorization }
  const answer = await call(node, 'GET', '/contact/privileges', { headers, from: '203.0.113.50' })
  expect(answer.statusCode).toBe(401)
  expect(answer.json().error).toContain('unauthorized')
})

test('user and password of Basic are read as RFC 7617 says', () => {
  const read = (text: string) => readBasic(Buffer.from(text).toString('base64'))
  expect(read('ada@example.com:co:rr:ect')).toEqual(['ada@example.com', 'co:rr:ect'])
  expect(read('ada:pässwörd ✓')).toEqual(['ada', 'pässwörd ✓'])
})

test('a password in another Unicode form is the same password', async () => {
  const account = await seedAccount(app)
  await givePassword(app, account, 'pässwörd'.normalize('NFD'))
  expect(await knock(node, basic(account.email, 'pässwörd'.normalize('NFC')))).toBe(200)
})

test.each<[ProfileName, number, number]>([
  ['hosting', 401, 200],
  ['account', 200, 401],
  ['registrar', 200, 200],
  ['full', 200, 200],
])('profile %s takes its schemes and no other (Bearer %i, Basic %i)', async (profile, byBearer, byBasic) => {
  const branded = await startNode({ ...app, config: { ...app.config, profile } })
  const list = (headers: Record<string, string>) => call(branded, 'GET', '/tokens', { headers })
  expect((await list(bearer(token))).statusCode).toBe(byBearer)
  const answer = await list(basic(email, password))
  expect(answer.statusCode).toBe(byBasic)
  if (byBasic === 401) expect(answer.json().error).toEqual(['unauthorized'])
  await branded.close()
})

test('every credential of a closed account is refused', async () => {
  const account = await seedAccount(app)
  await givePassword(app, account, password)
  const session = (await call(node, 'POST', '/login', { body: { username: account.email, password } })).json()
  const made = await call(node, 'POST', '/tokens', { body: { name: 'script' }, headers: bearer(session.token) })
  await app.db.updateTable('account').set({ status: 'Closed' }).where('id', '=', account.accountId).execute()
  node.sessions.identities.clear()
  const secret = made.json().token
  for (const headers of [
    bearer(session.token),
    bearer(secret),
    basic(account.email, secret),
    basic(account.email, password),
  ])
    expect(await knock(node, headers)).toBe(401)
  expect((await call(node, 'POST', '/token', { body: { refresh_token: session.refresh } })).statusCode).toBe(401)
})

test('an access token is good until it expires and no longer', async () => {
  const session = (await call(node, 'POST', '/login', { body: { username: email, password } })).json()
  clock.advance((app.config.accessTokenSeconds - 1) * 1000)
  expect(await knock(node, bearer(session.token))).toBe(200)
  clock.advance(1000)
  expect(await knock(node, bearer(session.token))).toBe(401)
})

test('a failed sign-in with Basic is in the account’s log, with its request', async () => {
  const answer = await call(node, 'GET', '/tokens', { headers: basic(email, 'wrong horse') })
  const row = await app.db
    .selectFrom('audit')
    .select(['event', 'request_id'])
    .where('account_id', '=', accountId)
    .orderBy('id', 'desc')
    .executeTakeFirst()
  expect(row).toEqual({ event: 'auth.login_failed', request_id: answer.headers['x-request-id'] })
})
