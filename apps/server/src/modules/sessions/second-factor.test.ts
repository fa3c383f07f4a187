import { Secret, TOTP } from 'otpauth'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { type TestApp, testApp } from '../../../test/app.ts'
import { seedAccount } from '../../../test/seed.ts'
import { basic, bearer, call, givePassword, knock, type Node, secondNode, startNode } from '../../../test/sign-in.ts'
import { fixedClock } from '../../clock.ts'
import { changeSecondFactor, type SecondFactorChange } from './second-factor.ts'

const password = 'correct horse'
const secret = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP'
const clock = fixedClock(new Date('2026-11-01T12:00:10Z'))
let app: TestApp
let node: Node
let other: Node

beforeAll(async () => {
  app = await testApp({}, clock)
  node = await startNode(app)
  other = await secondNode(app)
})
afterAll(async () => {
  await other.close()
  await node.close()
  await app.close()
})

async function change(whose: { accountId: string; profileId: string }, to: SecondFactorChange): Promise<void> {
  const after: (() => void)[] = []
  const ctx = { ...app, address: '', requestId: '', afterCommit: (action: () => void) => void after.push(action) }
  await app.db.transaction().execute(tx => changeSecondFactor(ctx, tx, whose, to))
  for (const action of after) action()
}
async function person() {
  const account = await seedAccount(app)
  await givePassword(app, account, password)
  await change(account, { on: true, secret })
  return account
}
let lastAddress = 0
const logIn = (username: string) =>
  call(node, 'POST', '/login', { body: { username, password }, from: `198.51.100.${++lastAddress}` })
const challenge = async (username: string): Promise<string> => (await logIn(username)).json().mfa.token
const verify = (token: string, code: string, on = node) =>
  call(on, 'POST', '/mfa/verify', { body: { token, code }, from: `203.0.113.${++lastAddress % 250}` })
const codeAt = (offsetSeconds = 0) =>
  TOTP.generate({ secret: Secret.fromBase32(secret), timestamp: clock.now().getTime() + offsetSeconds * 1000 })
const wrongCode = () => String((Number(codeAt()) + 500_000) % 1_000_000).padStart(6, '0')

test('with a second factor the password gives a challenge, and the code the tokens', async () => {
  const { email, profileId } = await person()
  const answer = (await logIn(email)).json()
  expect(answer).toEqual({
    success: true,
    token: null,
    mfa: { token: expect.stringMatching(/^mfa_/), methods: ['totp'], expires_at: '2026-11-01 12:05:10' },
  })
  const verified = await verify(answer.mfa.token, codeAt())
  expect(verified.json()).toEqual({ success: true, token: expect.any(String), refresh: expect.stringMatching(/^rt_/) })
  expect(await knock(other, bearer(verified.json().token))).toBe(200)
  const row = await app.db.selectFrom('login').selectAll().where('profile_id', '=', profileId).executeTakeFirstOrThrow()
  expect(row.totp_secret?.toString('latin1')).not.toContain(secret)
})

test.each([-30, 30])('a clock %i seconds off is borne with, one of two minutes is not', async offset => {
  const { email } = await person()
  expect((await verify(await challenge(email), codeAt(offset * 4))).json().error).toEqual(['mfa_invalid_code'])
  expect((await verify(await challenge(email), codeAt(offset))).statusCode).toBe(200)
})

test('a code is good once, also when sent twice at the same time and with two challenges', async () => {
  const { email } = await person()
  const challenges = [await challenge(email), await challenge(email)]
  const answers = await Promise.all(challenges.map((token, i) => verify(token, codeAt(), i ? other : node)))
  expect(answers.map(answer => answer.statusCode).sort()).toEqual([200, 401])
  expect((await verify(await challenge(email), codeAt())).json().error).toEqual(['mfa_invalid_code'])
})

test('a code and its challenge are good once, whatever Idempotency-Key is sent', async () => {
  const { email } = await person()
  const body = { token: await challenge(email), code: codeAt() }
  const keyed = () => call(node, 'POST', '/mfa/verify', { body, headers: { 'idempotency-key': 'kept-for-nobody' } })
  expect((await keyed()).statusCode).toBe(200)
  expect((await keyed()).statusCode).toBe(401)
})

test('a challenge is good once, for five minutes, and for five attempts', async () => {
  const { email } = await person()
  const used = await challenge(email)
  expect((await verify(used, codeAt())).statusCode).toBe(200)
  clock.advance(30_000)
  expect((await verify(used, codeAt())).json().error).toEqual(['unauthorized'])
  const late = await challenge(email)
  clock.advance(300_000)
  expect((await verify(late, codeAt())).json().error).toEqual(['unauthorized'])
  const tried = await challenge(email)
  for (let i = 0; i < 4; i++) expect((await verify(tried, wrongCode())).json().error).toEqual(['mfa_invalid_code'])
  expect((await verify(tried, codeAt())).statusCode).toBe(200)
})

test('new challenges give no new guesses: codes of a profile are throttled over all of them', async () => {
  const { email } = await person()
  for (let i = 0; i < 5; i++) expect((await verify(await challenge(email), wrongCode())).statusCode).toBe(401)
  const blocked = await verify(await challenge(email), codeAt(), other)
  expect([blocked.statusCode, blocked.headers['retry-after']]).toEqual([429, '30'])
  clock.advance(30_000)
  expect((await verify(await challenge(email), codeAt())).statusCode).toBe(200)
})

test('with a second factor Basic takes a personal token and no password, also where the password was taken before', async () => {
  const account = await seedAccount(app)
  await givePassword(app, account, password)
  const first = (await logIn(account.email)).json()
  const made = await call(node, 'POST', '/tokens', { body: { name: 'script' }, headers: bearer(first.token) })
  for (const on of [node, other]) expect(await knock(on, basic(account.email, password))).toBe(200)
  await change(account, { on: true, secret })
  for (const on of [node, other]) {
    await vi.waitFor(async () => expect(await knock(on, basic(account.email, password), '192.0.2.1')).toBe(401), {
      interval: 200,
    })
    expect(await knock(on, basic(account.email, made.json().token))).toBe(200)
  }
})

test('the log of the account tells what became of the second factor and its challenges', async () => {
  const account = await person()
  expect((await verify(await challenge(account.email), wrongCode())).statusCode).toBe(401)
  expect((await verify(await challenge(account.email), codeAt())).statusCode).toBe(200)
  await change(account, { on: false })
  const rows = await app.db
    .selectFrom('audit')
    .select(['event', 'actor'])
    .where('account_id', '=', account.accountId)
    .orderBy('id')
    .execute()
  expect(rows.map(row => [row.event, row.actor])).toEqual([
    ['auth.mfa_enabled', 'anonymous'],
    ['auth.mfa_challenge', account.email],
    ['auth.mfa_failed', account.email],
    ['auth.mfa_challenge', account.email],
    ['auth.login', account.email],
    ['auth.mfa_disabled', 'anonymous'],
  ])
})

test('turned off, the password is enough again', async () => {
  const account = await person()
  await change(account, { on: false })
  expect((await logIn(account.email)).json().token).toEqual(expect.any(String))
  expect(await knock(node, basic(account.email, password), '192.0.2.2')).toBe(200)
})

test.each(['12345', '1234567', 'abcdef', '٤٩٢٠٣٩'])('"%s" is no code', async code => {
  const { email } = await person()
  expect((await verify(await challenge(email), code)).statusCode).toBe(401)
})
