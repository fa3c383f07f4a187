import { contract } from '@innkeeper/contract'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { type FullServer, fullServer } from '../../../test/full-server.ts'
import { send } from '../../../test/gates/send.ts'
import { fixedClock } from '../../clock.ts'

let full: FullServer
beforeAll(async () => {
  full = await fullServer()
})
afterAll(() => full.close())

const password = 'correct horse battery'
let counter = 0

async function signUp(fields: Record<string, unknown> = {}) {
  const email = `person${++counter}@example.com`
  const answer = await send(full.server, contract.extensions.signup, { email, password, ...fields })
  expect(answer.status, answer.text).toBe(200)
  const { token } = (await send(full.server, contract.auth.login, { username: email, password })).json
  return { email, token: String(token), id: String(answer.json.client_id) }
}

test('who changes what taxes depend on has the VAT number checked, and who changes nothing of it has not', async () => {
  const { token, id } = await signUp({ country: 'FR' })
  const waiting = async () => {
    const { rows } = await sql<{ account: string }>`
      select payload ->> 'accountId' as account from graphile_worker._private_jobs job
      join graphile_worker._private_tasks task on task.id = job.task_id
      where task.identifier = 'tax.check-vat-number'`.execute(full.app.db)
    return rows.filter(({ account }) => account === id).length
  }
  await send(full.server, contract.account.updateDetails, { country: 'fr', city: 'Lyon' }, token)
  expect(await waiting()).toBe(0)
  await send(full.server, contract.account.updateDetails, { vateu: 'FR 12 345678901' }, token)
  expect(await waiting()).toBe(1)
})

describe('signing up', () => {
  test('opens an account whose owner signs in at once and sees their details', async () => {
    const { token, id, email } = await signUp({ firstname: 'Ada', country: 'ee', vateu: 'ee 123456789' })
    const { json } = await send(full.server, contract.account.getDetails, {}, token)
    expect(json).toMatchObject({ client: { id, email, firstname: 'Ada', country: 'EE' } })
    expect((json.client as Record<string, string>).lastlogin).not.toBe('0000-00-00 00:00:00')
  })

  test.each([
    [{ email: 'no address' }, 'field_format_error', 'email'],
    [{ email: 'a@b@example.com' }, 'field_format_error', 'email'],
    [{ email: '' }, 'field_empty_error', 'email'],
    [{ password: 'short' }, 'passistooshort', 'password'],
    [{ country: 'Estonia' }, 'field_format_error', 'country'],
    [{ country: '12' }, 'field_format_error', 'country'],
    [{ country: 'QQ' }, 'field_format_error', 'country'],
    [{ country: 'EL' }, 'field_format_error', 'country'],
    [{ type: 'Robot' }, 'field_format_error', 'type'],
    [{ firstname: 'a\r\nBcc: x@example.com' }, 'field_format_error', 'firstname'],
    [{ phonenumber: 'call me' }, 'field_format_error', 'phonenumber'],
    [{ vateu: '!' }, 'field_format_error', 'vateu'],
  ])('%j is refused with %s, and no account is left behind', async (fields, code, field) => {
    const before = await accounts()
    const sent = { email: `person${++counter}@example.com`, password, ...fields }
    const { status, json } = await send(full.server, contract.extensions.signup, sent)
    expect({ status, error: (json.error as string[])[0], fields: Object.keys(json.fields as object) }).toEqual({
      status: 422,
      error: code,
      fields: [field],
    })
    expect(await accounts()).toBe(before)
  })

  test('twenty at once with one address make one account', async () => {
    const email = 'twins@example.com'
    const before = await accounts()
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => send(full.server, contract.extensions.signup, { email, password })),
    )
    expect(answers.filter(answer => answer.status === 200)).toHaveLength(1)
    expect(answers.filter(answer => answer.status !== 200).map(answer => answer.json.error)).toEqual(
      Array.from({ length: 19 }, () => ['useralreadyexistsemail_error']),
    )
    expect(await accounts()).toBe(before + 1)
  })

  test('only so many are opened from one address within an hour, also at once, and signing in goes on', async () => {
    const clock = fixedClock(new Date('2026-11-01T12:00:00Z'))
    const limited = await fullServer({ signupsPerHour: 3 }, clock)
    onTestFinished(() => limited.close())
    const post = (path: string, payload: object, remoteAddress: string) =>
      limited.server.inject({ method: 'POST', url: `/api${path}`, payload, remoteAddress })
    const open = (from: string) => post('/signup', { email: `person${++counter}@example.com`, password }, from)
    const statuses = async (from: readonly string[]) =>
      (await Promise.all(from.map(open))).map(answer => answer.statusCode).sort()
    const office = '192.0.2.7'
    expect(await statuses(Array.from({ length: 5 }, () => office))).toEqual([200, 200, 200, 429, 429])
    const network = ['2001:db8:5:6::1', '2001:db8:5:6::2', '2001:db8:5:6:7::3', '2001:db8:5:6:ffff::4']
    expect(await statuses(network)).toEqual([200, 200, 200, 429])
    expect(await statuses(['192.0.2.8', '2001:db8:5:7::1'])).toEqual([200, 200])

    clock.advance(600_000)
    const refused = await open(office)
    expect([refused.json(), refused.headers['retry-after']]).toEqual([
      { success: false, error: ['rate_limited'] },
      '3000',
    ])
    const { email } = await limited.app.db
      .selectFrom('profile')
      .select('email')
      .orderBy('id')
      .limit(1)
      .executeTakeFirstOrThrow()
    expect((await post('/login', { username: email, password }, office)).statusCode).toBe(200)
    clock.advance(3_000_000)
    expect(await statuses(Array.from({ length: 4 }, () => office))).toEqual([200, 200, 200, 429])
  })
})

describe('details', () => {
  test('what is sent changes, what is not stays', async () => {
    const { token } = await signUp({ firstname: 'Ada', city: 'Tallinn' })
    const { json } = await send(full.server, contract.account.updateDetails, { city: 'Tartu' }, token)
    expect(json).toMatchObject({
      success: true,
      client: { firstname: 'Ada', city: 'Tartu' },
      info: ['client_info_updated'],
    })
  })

  test('name a country that there is; one that was written down before stays, also when it is sent again', async () => {
    const { token, email } = await signUp({ country: 'ee' })
    const change = (fields: Record<string, string>) => send(full.server, contract.account.updateDetails, fields, token)
    const refused = { status: 422, json: { error: ['field_format_error', 'country'] } }
    expect(await change({ country: 'QQ' })).toMatchObject(refused)
    expect(await change({ country: 'gr' })).toMatchObject({ json: { client: { country: 'GR' } } })
    await full.app.db.updateTable('profile').set({ country: 'XK' }).where('email', '=', email).execute()
    expect(await change({ country: 'XK', city: 'Pristina' })).toMatchObject({
      ...{ status: 200, json: { client: { country: 'XK', city: 'Pristina' } } },
    })
    expect(await change({ country: 'QQ' })).toMatchObject(refused)
    expect(await change({ country: '' })).toMatchObject({ json: { client: { country: '' } } })
  })

  test('a new address is the user name from then on', async () => {
    const { token, email } = await signUp()
    await send(full.server, contract.account.updateDetails, { email: `New-${email}` }, token)
    expect((await send(full.server, contract.auth.login, { username: `new-${email}`, password })).status).toBe(200)
    expect((await send(full.server, contract.auth.login, { username: email, password })).status).toBe(401)
  })

  test('an address that somebody else signs in with is refused', async () => {
    const other = await signUp()
    const { token } = await signUp()
    const { status, json } = await send(full.server, contract.account.updateDetails, { email: other.email }, token)
    expect({ status, error: json.error }).toEqual({ status: 409, error: ['useralreadyexistsemail_error'] })
  })

  test('neither a contact nor a token changes what opens the account', async () => {
    const { token } = await signUp()
    const contact = { email: `person${++counter}@example.com`, password, privileges: { misc: ['editmain'] } }
    await send(full.server, contract.contacts.createContact, contact, token)
    const asContact = (await send(full.server, contract.auth.login, { username: contact.email, password })).json.token
    const byContact = await send(
      full.server,
      contract.account.updateDetails,
      { email: 'mine@example.com' },
      String(asContact),
    )
    expect(byContact.json.error).toEqual(['forbidden'])
    const script = (await send(full.server, contract.extensions.createToken, { name: 'script' }, token)).json.token
    const factor = { '2faenable': 'on', '2fasecret': 'JBSWY3DPEHPK3PXP' }
    expect((await send(full.server, contract.account.updateDetails, factor, String(script))).json.error).toEqual([
      'forbidden',
    ])
    expect((await send(full.server, contract.account.updateDetails, { city: 'Narva' }, String(script))).status).toBe(
      200,
    )
  })

  test.each([
    [{ '2faenable': 'on' }, '2fasecret', 'field_empty_error'],
    [{ '2faenable': 'on', '2fasecret': 'not base32!' }, '2fasecret', 'field_format_error'],
    [{ '2faenable': 'perhaps' }, '2faenable', 'field_format_error'],
  ])('%j is refused', async (sent, field, code) => {
    const { token } = await signUp()
    const { status, json } = await send(full.server, contract.account.updateDetails, sent, token)
    expect({ status, fields: json.fields }).toEqual({ status: 422, fields: { [field]: [code] } })
  })
})

test('the log shows what happened, newest first, page by page, and only of this account', async () => {
  const { token, email } = await signUp()
  await send(full.server, contract.account.updateDetails, { city: 'Tartu' }, token)
  const { json } = await send(full.server, contract.account.listLogs, {}, token)
  const logs = json.logs as { event: string; who: string }[]
  expect(logs.map(log => log.event)).toEqual(['account.update', 'auth.login', 'account.create'])
  expect(logs[0]?.who).toBe(email)
  const page = await send(full.server, contract.account.listLogs, { page: 1, perpage: 2 }, token)
  expect(page.json).toMatchObject({ logs: [{ event: 'account.create' }], page: { current: 1, total: 2 } })
})

describe('a lost password', () => {
  test('is replaced with the token from the mail, once, and every session ends', async () => {
    const { email, token } = await signUp()
    const asked = await send(full.server, contract.extensions.requestPasswordReset, { email })
    expect(asked.json).toEqual({ success: true, info: ['passwordreset_sent'] })
    const mailed = await full.mailedToken(email)
    const set = { token: mailed, password: 'another long password' }
    expect((await send(full.server, contract.extensions.requestPasswordReset, set)).json).toEqual({
      success: true,
      info: ['passwordreset_done'],
    })
    expect((await send(full.server, contract.extensions.requestPasswordReset, set)).status).toBe(422)
    expect((await send(full.server, contract.account.getDetails, {}, token)).status).toBe(401)
    const username = email
    expect((await send(full.server, contract.auth.login, { username, password: set.password })).status).toBe(200)
  })

  test('is not changed with an invented token, and nothing is computed for it', async () => {
    const invented = { token: 'ikr_invented', password: 'another long password' }
    const answers = await Promise.all(
      Array.from({ length: 200 }, () => send(full.server, contract.extensions.requestPasswordReset, invented)),
    )
    // Had each been hashed, the queue of those who sign in would be full and some would be rate_limited.
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([422]))
  })

  test('is not replaced with a token that was mailed to a former address', async () => {
    const { email, token } = await signUp()
    await send(full.server, contract.extensions.requestPasswordReset, { email })
    const mailed = await full.mailedToken(email)
    await send(full.server, contract.account.updateDetails, { email: `now-${email}` }, token)
    const set = { token: mailed, password: 'another long password' }
    expect((await send(full.server, contract.extensions.requestPasswordReset, set)).status).toBe(422)
    expect((await send(full.server, contract.auth.login, { username: `now-${email}`, password })).status).toBe(200)
  })

  test('is answered alike for an address that nobody has', async () => {
    const { email } = await signUp()
    const known = await send(full.server, contract.extensions.requestPasswordReset, { email })
    const unknown = await send(full.server, contract.extensions.requestPasswordReset, { email: 'nobody@example.com' })
    expect(unknown.text).toBe(known.text)
  })

  test('leaves no token in the database that could be read there', async () => {
    const { email } = await signUp()
    await send(full.server, contract.extensions.requestPasswordReset, { email })
    const { rows } = await sql`select payload::text from graphile_worker._private_jobs`.execute(full.app.db)
    expect(rows).not.toEqual([])
    const mailed = await full.mailedToken(email)
    expect(JSON.stringify(rows)).not.toContain(mailed)
    const resets = await full.app.db.selectFrom('password_reset').selectAll().execute()
    expect(resets.map(row => row.hash.toString())).not.toContain(mailed)
  })
})

async function accounts(): Promise<number> {
  const { count } = await full.app.db
    .selectFrom('account')
    .select(({ fn }) => fn.countAll<string>().as('count'))
    .executeTakeFirstOrThrow()
  return Number(count)
}
