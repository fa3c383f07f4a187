import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { type TestApp, testApp } from '../../../test/app.ts'
import { seedAccount } from '../../../test/seed.ts'
import { bearer, call, givePassword, knock, type Node, secondNode, startNode } from '../../../test/sign-in.ts'
import { fixedClock } from '../../clock.ts'
import { openKeyring, rotateKeys } from './keyring.ts'
import { selectKeys } from './keys-store.ts'

const password = 'correct horse'
const clock = fixedClock(new Date('2026-11-01T12:00:00Z'))
let app: TestApp
let node: Node
let other: Node
let email: string

beforeAll(async () => {
  app = await testApp({}, clock)
  const rings = await Promise.all(Array.from({ length: 4 }, () => openKeyring(app)))
  expect(new Set(rings.map(ring => JSON.stringify(ring.jwks()))).size).toBe(1)
  node = await startNode(app)
  other = await secondNode(app)
  const account = await seedAccount(app)
  email = account.email
  await givePassword(app, account, password)
})
afterAll(async () => {
  await other.close()
  await node.close()
  await app.close()
})
const logIn = async (on: Node): Promise<string> =>
  (await call(on, 'POST', '/login', { body: { username: email, password } })).json().token
const kidOf = (token: string) => JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()).kid
const publishedBy = async (on: Node) =>
  (await on.server.inject('/.well-known/jwks.json')).json().keys.map((key: { kid: string }) => key.kid)

test('nodes that start together make one key, and its private part is not readable in the database', async () => {
  const keys = await selectKeys(app.db)
  expect(keys).toHaveLength(1)
  expect(keys[0]?.privateKey.toString('latin1')).not.toContain('PRIVATE KEY')
  expect(Object.keys(keys[0]?.publicJwk ?? {}).sort()).toEqual(['alg', 'e', 'kid', 'kty', 'n', 'use'])
})

test('after a rotation every node signs with the new key, and tokens of the old one stay good until they expire', async () => {
  const old = await logIn(node)
  await rotateKeys(app)
  await vi.waitFor(async () => expect(kidOf(await logIn(other))).not.toBe(kidOf(old)))
  await vi.waitFor(async () => expect(kidOf(await logIn(node))).not.toBe(kidOf(old)))
  const fresh = await logIn(node)
  expect(await publishedBy(other)).toEqual([kidOf(fresh), kidOf(old)])
  node.sessions.identities.clear()
  expect([await knock(node, bearer(old)), await knock(other, bearer(fresh))]).toEqual([200, 200])
  clock.advance(app.config.accessTokenSeconds * 1000)
  expect(await knock(node, bearer(old))).toBe(401)
})

test('a token of a key this node has not heard of makes it look once', async () => {
  const deaf = { ...app, notifications: { ...app.notifications, listen: async () => {}, onGap: () => {} } }
  const ring = await openKeyring(deaf)
  await rotateKeys(app)
  await vi.waitFor(async () => expect(node.sessions.keyring.jwks()).not.toEqual(ring.jwks()))
  const claims = { profileId: '1', sessionId: '00000000-0000-4000-8000-000000000000' }
  expect(await ring.verify(node.sessions.keyring.sign(claims))).toMatchObject(claims)
})

test('invented key ids do not make a node ask the database again and again', async () => {
  const ring = await openKeyring(app)
  const asked = vi.spyOn(app.db, 'selectFrom')
  const invented = (kid: string) =>
    `${Buffer.from(JSON.stringify({ alg: 'RS256', kid })).toString('base64url')}.e30.c2ln`
  await Promise.all(Array.from({ length: 50 }, (_, i) => ring.verify(invented(`kid${i}`))))
  expect(asked.mock.calls.filter(([table]) => String(table) === 'signing_key')).toHaveLength(1)
  asked.mockRestore()
})
