import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type FullServer, fullServer } from '../../../test/full-server.ts'
import { addStaff, codeOf, signInStaff, staffCall, staffPassword } from '../../../test/staff.ts'
import { fixedClock } from '../../clock.ts'

const clock = fixedClock(new Date('2026-11-22T10:00:00Z'))
let full: FullServer
beforeAll(async () => {
  full = await fullServer({}, clock)
})
afterAll(() => full.close())
beforeEach(() => clock.advance(3_600_000)) // a new code, and no attempts

const post = (path: string, body: object, token?: string) =>
  staffCall(full.server, 'POST', path, { body, ...(token === undefined ? {} : { token }) })
const me = async (token: string) => (await staffCall(full.server, 'GET', '/me', { token })).status
const logIn = async (email: string, password = staffPassword) => (await post('/login', { email, password })).json

test('a password alone opens nothing, and with the code it does', async () => {
  const { email, totpUri } = await addStaff(full.app, 'support')
  const { challenge, needs } = await logIn(email)
  expect(needs).toEqual(['code'])
  expect(await me(challenge)).toBe(401)
  const verified = await post('/login/verify', { challenge, code: codeOf(totpUri, clock) })
  expect(verified.json).toMatchObject({ success: true, staff: { email, role: 'support' } })
  expect(verified.json.expires_at).toBe('2026-11-22T23:00:00.000Z')
  expect(await me(verified.json.token)).toBe(200)
})

test('unknown, disabled and wrong password are answered alike', async () => {
  const owner = await signInStaff(full.app, full.server, 'owner')
  const { id, email } = await addStaff(full.app, 'billing')
  await post(`/staff/${id}/disable`, {}, owner.token)
  const answers = await Promise.all([
    post('/login', { email: 'nobody@example.net', password: staffPassword }),
    post('/login', { email, password: staffPassword }),
    post('/login', { email: owner.email, password: 'wrong' }),
  ])
  for (const { status, json } of answers)
    expect({ status, json }).toEqual({ status: 401, json: { success: false, error: ['wronglogin'] } })
})

test('a code is good once, and a challenge for five', async () => {
  const { email, totpUri } = await addStaff(full.app, 'support')
  const [first, second] = [await logIn(email), await logIn(email)]
  const code = codeOf(totpUri, clock)
  expect((await post('/login/verify', { challenge: first.challenge, code })).status).toBe(200)
  expect((await post('/login/verify', { challenge: first.challenge, code })).json.error).toEqual(['unauthorized'])
  expect((await post('/login/verify', { challenge: second.challenge, code })).json.error).toEqual(['mfa_invalid_code'])
  for (let tries = 0; tries < 4; tries++)
    expect((await post('/login/verify', { challenge: second.challenge, code: '000000' })).status).toBe(401)
  clock.advance(60_000)
  const late = await post('/login/verify', { challenge: second.challenge, code: codeOf(totpUri, clock) })
  expect(late.status).toBe(401)
})

test('two requests with one challenge and code, sent at once, open one session', async () => {
  const { email, totpUri, id } = await addStaff(full.app, 'support')
  const { challenge } = await logIn(email)
  const body = { challenge, code: codeOf(totpUri, clock) }
  const answers = await Promise.all(Array.from({ length: 5 }, () => post('/login/verify', body)))
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
  const sessions = await full.app.db.selectFrom('staff_session').select('proven').where('staff_id', '=', id).execute()
  expect(sessions).toEqual([{ proven: true }])
})

test('five wrong passwords block the user, and customers of the same name are not blocked by them', async () => {
  const { email } = await addStaff(full.app, 'support')
  await full.server.inject({ method: 'POST', url: '/api/signup', payload: { email, password: staffPassword } })
  for (let tries = 0; tries < 5; tries++) {
    const body = { email, password: 'wrong' }
    await staffCall(full.server, 'POST', '/login', { body, from: `198.51.100.${tries}` })
  }
  const blocked = await post('/login', { email, password: staffPassword })
  expect([blocked.status, blocked.headers['retry-after']]).toEqual([429, '30'])
  const customer = { username: email, password: staffPassword }
  expect((await full.server.inject({ method: 'POST', url: '/api/login', payload: customer })).statusCode).toBe(200)
})

describe('whoever blocks somebody by wrong passwords', () => {
  const call = (path: string, body: object, from: string) => staffCall(full.server, 'POST', path, { body, from })
  const signInFrom = async ({ email, totpUri }: { email: string; totpUri: string }, from: string) => {
    const asked = await call('/login', { email, password: staffPassword }, from)
    if (asked.status !== 200) return asked.status
    return (await call('/login/verify', { challenge: asked.json.challenge, code: codeOf(totpUri, clock) }, from)).status
  }
  /** Goes on until nobody who comes from elsewhere gets in for an hour. */
  async function block(email: string) {
    for (let tries = 0; tries < 40; tries++) {
      const from = `198.51.100.${tries}`
      const { headers, status } = await call('/login', { email, password: 'wrong' }, from)
      const seconds = status === 429 ? Number(headers['retry-after']) : 0
      if (seconds >= 3600) return
      clock.advance(seconds * 1000)
    }
    throw new Error('nobody is blocked')
  }

  test('does not keep them out from where they signed in before', async () => {
    const member = await addStaff(full.app, 'owner')
    expect(await signInFrom(member, '203.0.113.7')).toBe(200)
    expect(await signInFrom(member, '2001:db8:7:7::1')).toBe(401) // the code was used
    clock.advance(60_000)
    expect(await signInFrom(member, '2001:db8:7:7::1')).toBe(200)
    clock.advance(60_000)
    await block(member.email)
    expect(await signInFrom(member, '203.0.113.7')).toBe(200)
    clock.advance(60_000)
    expect(await signInFrom(member, '2001:db8:7:7:ffff::9')).toBe(200) // the same network
    expect(await signInFrom(member, '203.0.113.8')).toBe(429)
  })

  test('is counted like anybody where they sign in from themselves', async () => {
    const member = await addStaff(full.app, 'owner')
    expect(await signInFrom(member, '203.0.113.17')).toBe(200)
    for (let tries = 0; tries < 5; tries++)
      expect((await call('/login', { email: member.email, password: 'wrong' }, '203.0.113.17')).status).toBe(401)
    clock.advance(1000)
    expect(await signInFrom(member, '203.0.113.17')).toBe(429)
  })

  test.each([
    ['was long ago', async () => clock.advance(91 * 86_400_000)],
    [
      'was before their sign-in was reset',
      async (id: string) => {
        const owner = await signInStaff(full.app, full.server, 'owner')
        await staffCall(full.server, 'POST', `/staff/${id}/reset`, { token: owner.token })
      },
    ],
  ])('keeps them out where the one before %s', async (_what, after) => {
    const member = await addStaff(full.app, 'support')
    expect(await signInFrom(member, '203.0.113.27')).toBe(200)
    await after(member.id)
    await block(member.email)
    expect(await signInFrom(member, '203.0.113.27')).toBe(429)
  })

  test('keeps them out where only the password was right before', async () => {
    const { email } = await addStaff(full.app, 'support')
    expect((await call('/login', { email, password: staffPassword }, '203.0.113.37')).status).toBe(200)
    await block(email)
    expect((await call('/login', { email, password: staffPassword }, '203.0.113.37')).status).toBe(429)
  })
})

test('a password given out for one use has to be replaced with the first code', async () => {
  const made = await addStaff(full.app, 'support', null)
  const { challenge, needs } = await logIn(made.email, made.password)
  expect(needs).toEqual(['code', 'password'])
  const code = codeOf(made.totpUri, clock)
  const without = await post('/login/verify', { challenge, code })
  expect(without.json).toMatchObject({ error: ['field_empty_error', 'password'] })
  const short = await post('/login/verify', { challenge, code, password: 'short' })
  expect(short.json).toMatchObject({ error: ['passistooshort'] })
  const same = await post('/login/verify', { challenge, code, password: made.password })
  expect(same.json).toMatchObject({ error: ['field_format_error', 'password'] })
  const done = await post('/login/verify', { challenge, code, password: 'my very own words' })
  expect(done.status).toBe(200)
  expect((await post('/login', { email: made.email, password: made.password })).status).toBe(401)
  expect((await logIn(made.email, 'my very own words')).needs).toEqual(['code'])
})

test('whoever has no second factor sets one up with the first code, and one only', async () => {
  const { id, email } = await addStaff(full.app, 'support')
  await full.app.db.updateTable('staff').set({ totp_secret: null }).where('id', '=', id).execute()
  const [one, two] = [await logIn(email), await logIn(email)]
  expect(one.setup.uri).toContain(`secret=${one.setup.secret}`)
  const answer = (asked: { challenge: string; setup: { uri: string } }) =>
    post('/login/verify', { challenge: asked.challenge, code: codeOf(asked.setup.uri, clock) })
  expect((await answer(one)).status).toBe(200)
  expect((await answer(two)).status).toBe(401)
  const again = await logIn(email)
  expect(again.setup).toBeUndefined()
})

describe('a session ends', () => {
  test('by signing out; the others stay, unless it is said everywhere', async () => {
    const { email, totpUri, token } = await signInStaff(full.app, full.server, 'support')
    clock.advance(60_000)
    const { challenge } = await logIn(email)
    const other = (await post('/login/verify', { challenge, code: codeOf(totpUri, clock) })).json.token
    clock.advance(60_000)
    const { challenge: third } = await logIn(email)
    const last = (await post('/login/verify', { challenge: third, code: codeOf(totpUri, clock) })).json.token
    await post('/logout', {}, token)
    expect([await me(token), await me(other), await me(last)]).toEqual([401, 200, 200])
    await post('/logout', { everywhere: true }, other)
    expect([await me(other), await me(last)]).toEqual([401, 401])
  })

  test('after twelve hours', async () => {
    const { token } = await signInStaff(full.app, full.server, 'support')
    clock.advance(12 * 3_600_000 - 1000)
    expect(await me(token)).toBe(200)
    clock.advance(1000)
    expect(await me(token)).toBe(401)
  })

  test('with a change of the password, except the one that changed it', async () => {
    const { email, totpUri, token } = await signInStaff(full.app, full.server, 'support')
    clock.advance(60_000)
    const { challenge } = await logIn(email)
    const other = (await post('/login/verify', { challenge, code: codeOf(totpUri, clock) })).json.token
    const change = (password: string) =>
      staffCall(full.server, 'PUT', '/me/password', { token, body: { password, new_password: 'another long one' } })
    expect((await change('wrong')).json.error).toEqual(['wronglogin'])
    expect((await change(staffPassword)).status).toBe(200)
    expect([await me(token), await me(other)]).toEqual([200, 401])
  })
})

test('no token is in the database, and no secret of a second factor can be read there', async () => {
  const { token, totpUri } = await signInStaff(full.app, full.server, 'support')
  const secret = new URL(totpUri).searchParams.get('secret') ?? ''
  const rows = await Promise.all([
    full.app.db.selectFrom('staff').selectAll().execute(),
    full.app.db.selectFrom('staff_session').selectAll().execute(),
    full.app.db.selectFrom('audit').selectAll().execute(),
  ])
  const text = JSON.stringify(rows, (_key, value) =>
    value?.type === 'Buffer' ? Buffer.from(value.data).toString('latin1') : value,
  )
  expect(secret).not.toBe('')
  expect(text).not.toContain(secret)
  expect(text).not.toContain(token)
})
