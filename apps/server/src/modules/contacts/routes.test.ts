import { contract } from '@innkeeper/contract'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type FullServer, fullServer } from '../../../test/full-server.ts'
import { send } from '../../../test/gates/send.ts'

let full: FullServer
let owner: { token: string; id: string }
beforeAll(async () => {
  full = await fullServer()
  owner = await signUp()
})
afterAll(() => full.close())

const password = 'correct horse battery'
let counter = 0
const freshEmail = () => `contact${++counter}@example.com`

async function login(username: string): Promise<string> {
  return String((await send(full.server, contract.auth.login, { username, password })).json.token)
}

async function signUp() {
  const email = freshEmail()
  const { json } = await send(full.server, contract.extensions.signup, { email, password })
  return { token: await login(email), id: String(json.client_id) }
}

async function addContact(privileges: unknown, by = owner.token) {
  const email = freshEmail()
  const answer = await send(full.server, contract.contacts.createContact, { email, password, privileges }, by)
  return { answer, email, id: String(answer.json.contact_id) }
}

describe('a contact', () => {
  test('signs in as itself and can do what it was given, and no more', async () => {
    const { email } = await addContact({ misc: ['manageprofiles'], support: ['tickets'] })
    const token = await login(email)
    expect((await send(full.server, contract.contacts.listPrivileges, {}, token)).json).toEqual({
      privileges: { misc: ['manageprofiles'], support: ['tickets'] },
    })
    expect((await send(full.server, contract.contacts.listContacts, {}, token)).status).toBe(200)
    expect((await send(full.server, contract.account.updateDetails, { city: 'X' }, token)).status).toBe(403)
  })

  test.each([
    ['an area it lacks', { billing: ['orders'] }],
    ['a key it lacks', { misc: ['editmain'] }],
    ['a service it lacks', { services: { '332': ['dns'] } }],
    ['all services', { services: { full: 1 } }],
    ['another key of its own service', { services: { '101': ['dns', 'billing'] } }],
  ])('does not grant %s', async (_what, wanted) => {
    const { email } = await addContact({ misc: ['manageprofiles'], services: { '101': ['dns'] } })
    const { answer } = await addContact(wanted, await login(email))
    expect({ status: answer.status, error: answer.json.error }).toEqual({ status: 403, error: ['privileges_exceeded'] })
  })

  test('grants a part of what it has', async () => {
    const { email } = await addContact({ misc: ['manageprofiles'], services: { full: 1 } })
    const { answer } = await addContact({ services: { '101': ['dns'] } }, await login(email))
    expect(answer.status).toBe(200)
  })

  test('does not take over a contact that may more', async () => {
    const strong = await addContact({ billing: ['orders'], misc: ['manageprofiles'] })
    const weak = await addContact({ misc: ['manageprofiles'] })
    const change = { id: strong.id, password: 'taken over now', email: freshEmail() }
    const { status, json } = await send(full.server, contract.contacts.updateContact, change, await login(weak.email))
    expect({ status, error: json.error }).toEqual({ status: 403, error: ['privileges_exceeded'] })
    expect(await login(strong.email)).not.toBe('undefined')
  })

  test('loses at once what it is taken', async () => {
    const { email, id } = await addContact({ misc: ['manageprofiles'] })
    const token = await login(email)
    expect((await send(full.server, contract.contacts.listContacts, {}, token)).status).toBe(200)
    await send(full.server, contract.contacts.updateContact, { id, privileges: {} }, owner.token)
    expect((await send(full.server, contract.contacts.listContacts, {}, token)).status).toBe(403)
  })

  test('without a password does not sign in, and does once it has one', async () => {
    const email = freshEmail()
    const { json } = await send(full.server, contract.contacts.createContact, { email }, owner.token)
    expect((await send(full.server, contract.auth.login, { username: email, password })).status).toBe(401)
    await send(full.server, contract.contacts.updateContact, { id: json.contact_id, password }, owner.token)
    expect((await send(full.server, contract.auth.login, { username: email, password })).status).toBe(200)
  })
})

test('a personal token gives nobody a way to sign in that would outlive it', async () => {
  const { id, email } = await addContact({ misc: ['manageprofiles'] })
  const made = await send(full.server, contract.extensions.createToken, { name: 'script' }, owner.token)
  const token = String(made.json.token)
  const sent = (operation: 'createContact' | 'updateContact', input: Record<string, unknown>) =>
    send(full.server, contract.contacts[operation], input, token)
  for (const opening of [{ password }, { '2faenable': 'off' }, { email: freshEmail() }]) {
    expect((await sent('updateContact', { id, ...opening })).json.error).toEqual(['forbidden'])
  }
  expect((await sent('createContact', { email: freshEmail(), password })).json.error).toEqual(['forbidden'])
  expect((await sent('createContact', { email: freshEmail() })).status).toBe(200)
  expect((await sent('updateContact', { id, city: 'Tartu' })).status).toBe(200)
  expect(await login(email)).not.toBe('undefined')
})

test('PHP brackets make the same tree as JSON', async () => {
  const answer = await full.server.inject({
    method: 'POST',
    url: '/api/contact',
    headers: { authorization: `Bearer ${owner.token}`, 'content-type': 'application/x-www-form-urlencoded' },
    payload: `email=${freshEmail()}&privileges[billing][]=orders&privileges[services][332][0]=basic&privileges[domains][full]=1`,
  })
  const { contact_id } = answer.json() as { contact_id: string }
  const { json } = await send(full.server, contract.contacts.getContact, { id: contact_id }, owner.token)
  expect(json).toMatchObject({
    contact: { privileges: { billing: ['orders'], services: { '332': ['basic'] }, domains: { full: 1 } } },
  })
})

test.each([
  [{ nonsense: ['x'] }],
  [{ billing: ['fly'] }],
  ['text'],
  [{ services: { abc: ['dns'] } }],
  [{ services: { '1': 'all' } }],
])('the privileges %j are refused', async privileges => {
  const { answer } = await addContact(privileges)
  expect({ status: answer.status, fields: answer.json.fields }).toEqual({
    status: 422,
    fields: { privileges: ['field_format_error'] },
  })
})

test('the owner is no contact: neither shown nor changed as one', async () => {
  const { profile_id } = await full.app.db
    .selectFrom('login')
    .select('profile_id')
    .where('account_id', '=', owner.id)
    .orderBy('profile_id')
    .executeTakeFirstOrThrow()
  expect((await send(full.server, contract.contacts.getContact, { id: profile_id }, owner.token)).status).toBe(404)
  const change = { id: profile_id, password: 'a new password' }
  expect((await send(full.server, contract.contacts.updateContact, change, owner.token)).status).toBe(404)
})

test('contacts are listed page by page, and whole without a page', async () => {
  const other = await signUp()
  for (let n = 0; n < 5; n++) await addContact({}, other.token)
  const all = await send(full.server, contract.contacts.listContacts, {}, other.token)
  expect(all.json.contacts).toHaveLength(5)
  expect(all.json).not.toHaveProperty('page')
  const last = await send(full.server, contract.contacts.listContacts, { page: 2, perpage: 2 }, other.token)
  expect(last.json.contacts).toHaveLength(1)
  expect(last.json.page).toEqual({ current: 2, total: 3 })
})
