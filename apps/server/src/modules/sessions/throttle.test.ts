import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestApp, testApp } from '../../../test/app.ts'
import { seedAccount } from '../../../test/seed.ts'
import { basic, bearer, call, givePassword, knock, type Node, secondNode, startNode } from '../../../test/sign-in.ts'
import { fixedClock } from '../../clock.ts'
import { limitAttempts } from './throttle.ts'

const password = 'correct horse'
const clock = fixedClock(new Date('2026-11-01T12:00:00Z'))
let app: TestApp
let node: Node
let other: Node

beforeAll(async () => {
  app = await testApp({ accessTokenSeconds: 30 * 86_400 }, clock)
  node = await startNode(app)
  other = await secondNode(app)
})
afterAll(async () => {
  await other.close()
  await node.close()
  await app.close()
})

let lastAddress = 0
const address = () => `198.51.100.${++lastAddress}`
async function person() {
  const account = await seedAccount(app)
  await givePassword(app, account, password)
  return account
}
const logIn = (username: string, word: string, from: string, on = node) =>
  call(on, 'POST', '/login', { body: { username, password: word }, from })
async function fail(username: string, times: number, from: () => string) {
  for (let i = 0; i < times; i++)
    expect((await logIn(username, 'wrong', from(), i % 2 ? other : node)).statusCode).toBe(401)
}

test('after five failures a user is blocked on every node and from everywhere, and hears for how long', async () => {
  const { email } = await person()
  await fail(email, 5, address)
  const blocked = await logIn(email, password, address(), other)
  expect(blocked.statusCode).toBe(429)
  expect(blocked.json()).toEqual({ success: false, error: ['rate_limited'] })
  expect(blocked.headers).toMatchObject({
    'retry-after': '30',
    'ratelimit-limit': '5',
    'ratelimit-remaining': '0',
    'ratelimit-reset': '30',
  })
})

test('each block is twice as long as the one before', async () => {
  const { email } = await person()
  await fail(email, 5, address)
  for (const seconds of [30, 60, 120]) {
    expect((await logIn(email, 'wrong', address())).headers['retry-after']).toBe(String(seconds))
    clock.advance(seconds * 1000)
    await fail(email, 1, address)
  }
  clock.advance(3_600_000)
  expect((await logIn(email, password, address())).statusCode).toBe(200)
})

test('the right password forgets the failures', async () => {
  const { email } = await person()
  await fail(email, 4, address)
  expect((await logIn(email, password, address())).statusCode).toBe(200)
  await fail(email, 4, address)
  expect((await logIn(email, password, address())).statusCode).toBe(200)
})

test('failures of a quarter of an hour ago are forgotten', async () => {
  const { email } = await person()
  await fail(email, 4, address)
  clock.advance(15 * 60_000)
  await fail(email, 4, address)
  expect((await logIn(email, password, address())).statusCode).toBe(200)
})

test('an address is blocked after twenty failures with whatever users, and then blocks no more users', async () => {
  const from = address()
  const { email } = await person()
  for (let i = 0; i < 20; i++) await fail(`nobody${i}@example.com`, 1, () => from)
  for (let i = 0; i < 6; i++) expect((await logIn(email, 'wrong', from)).statusCode).toBe(429)
  expect((await logIn(email, password, address())).statusCode).toBe(200)
})

test('the addresses of one IPv6 network count as one', async () => {
  for (let i = 0; i < 20; i++) await fail(`nobody6${i}@example.com`, 1, () => `2001:db8:5:6::${i + 1}`)
  expect((await logIn('nobody6@example.com', 'wrong', '2001:db8:5:6:ffff::1')).statusCode).toBe(429)
  expect((await logIn('nobody6@example.com', 'wrong', '2001:db8:5:7::1')).statusCode).toBe(401)
})

test('guesses sent at once count each: no more than five are tried', async () => {
  const { email } = await person()
  const guesses = Array.from({ length: 30 }, (_, i) => logIn(email, `guess ${i}`, address(), i % 2 ? other : node))
  const statuses = (await Promise.all(guesses)).map(answer => answer.statusCode)
  expect(statuses.filter(status => status === 401)).toHaveLength(5)
  expect(statuses.filter(status => status === 429)).toHaveLength(25)
})

test('whoever blocks a user does not take away what the user already has', async () => {
  const { email } = await person()
  const from = address()
  const { token } = (await logIn(email, password, from)).json()
  const personal = await call(node, 'POST', '/tokens', { body: { name: 'script' }, headers: bearer(token) })
  const secret = personal.json().token
  expect(await knock(node, basic(email, password), from)).toBe(200)
  await fail(email, 5, address)
  expect((await logIn(email, password, from)).statusCode).toBe(429)
  for (const on of [node, other])
    for (const headers of [bearer(token), bearer(secret), basic(email, secret)])
      expect(await knock(on, headers, from)).toBe(200)
  expect(await knock(node, basic(email, password), from)).toBe(200)
})

test('failed Basic counts as a failed sign-in', async () => {
  const { email } = await person()
  for (let i = 0; i < 5; i++) expect(await knock(node, basic(email, `wrong ${i}`), address())).toBe(401)
  expect(await knock(node, basic(email, password), address())).toBe(429)
})

test('an Idempotency-Key is no way to try passwords uncounted, nor to get the tokens of an earlier sign-in', async () => {
  const { email } = await person()
  const from = address()
  const headers = { 'idempotency-key': 'one-for-all' }
  const keyed = (word: string) =>
    call(node, 'POST', '/login', { body: { username: email, password: word }, from, headers })
  const first = await keyed(password)
  const again = await keyed(password)
  expect([again.statusCode, again.headers['idempotency-replayed']]).toEqual([200, undefined])
  expect(again.json().refresh).not.toBe(first.json().refresh)
  const guesses = []
  for (let i = 0; i < 6; i++) guesses.push((await keyed(`guess ${i}`)).statusCode)
  expect(guesses).toEqual([401, 401, 401, 401, 401, 429])
})

test('unknown user, wrong password and closed account are answered alike, down to the block', async () => {
  const known = await person()
  const closed = await person()
  await app.db.updateTable('account').set({ status: 'Closed' }).where('id', '=', closed.accountId).execute()
  const users = [known.email, closed.email, 'nobody@example.com']
  const seen = []
  for (const user of users) {
    const answers = []
    for (let i = 0; i < 6; i++) {
      const answer = await logIn(user, user === closed.email ? password : 'wrong', address())
      const { date, 'x-request-id': _id, ...headers } = answer.headers
      answers.push([answer.statusCode, answer.json(), headers])
    }
    seen.push(answers)
  }
  for (const answers of seen) expect(answers).toEqual(seen[0])
  expect(seen[0]?.map(([status]) => status)).toEqual([401, 401, 401, 401, 401, 429])
})

test('what anybody may ask for is limited by its subject', async () => {
  for (let i = 0; i < 5; i++) await limitAttempts({ ...app, address: address() }, 'reset:ada@example.com')
  await expect(limitAttempts({ ...app, address: address() }, 'reset:ada@example.com')).rejects.toMatchObject({
    code: 'rate_limited',
    detail: { retryAfterSeconds: 30 },
  })
  await limitAttempts({ ...app, address: address() }, 'reset:grace@example.com')
})

test('thirty right passwords sent at once all sign in: none counts as a failure of the others', async () => {
  const { email } = await person()
  const from = address()
  const answers = await Promise.all(Array.from({ length: 30 }, () => logIn(email, password, from)))
  expect(answers.map(answer => answer.statusCode)).toEqual(answers.map(() => 200))
})
