import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type FullServer, fullServer } from '../../../test/full-server.ts'
import { signInStaff, staffCall } from '../../../test/staff.ts'
import { fixedClock } from '../../clock.ts'

const clock = fixedClock(new Date('2026-11-22T10:00:00Z'))
let full: FullServer
beforeAll(async () => {
  full = await fullServer({}, clock)
})
afterAll(() => full.close())
beforeEach(async () => {
  clock.advance(3_600_000)
  await full.app.db.updateTable('staff').set({ disabled_at: clock.now() }).execute()
})

const signIn = (role: 'owner' | 'billing' | 'support' | 'readonly') => signInStaff(full.app, full.server, role)
const change = (id: string, body: object, token: string) =>
  staffCall(full.server, 'PUT', `/staff/${id}`, { body, token })
const disable = (id: string, token: string) => staffCall(full.server, 'POST', `/staff/${id}/disable`, { token })
const me = async (token: string) => (await staffCall(full.server, 'GET', '/me', { token })).status

test('a changed role counts at once, and a disabled person is out at once', async () => {
  const owner = await signIn('owner')
  const other = await signIn('readonly')
  expect((await staffCall(full.server, 'GET', '/staff', { token: other.token })).status).toBe(403)
  expect((await change(other.id, { role: 'owner' }, owner.token)).json.staff.role).toBe('owner')
  expect((await staffCall(full.server, 'GET', '/staff', { token: other.token })).status).toBe(200)
  await disable(other.id, owner.token)
  expect(await me(other.token)).toBe(401)
  await staffCall(full.server, 'POST', `/staff/${other.id}/enable`, { token: owner.token })
  expect(await me(other.token)).toBe(401) // the session has ended for good
})

test('the last owner stays one and stays in', async () => {
  const owner = await signIn('owner')
  const refused = { status: 409, json: { success: false, error: ['conflict', 'last_owner'] } }
  expect(await change(owner.id, { role: 'billing' }, owner.token)).toMatchObject(refused)
  expect(await disable(owner.id, owner.token)).toMatchObject(refused)
  expect((await change(owner.id, { name: 'Ada' }, owner.token)).json.staff.name).toBe('Ada')
})

test('of owners who shut each other out at the same moment, one stays', async () => {
  const owners = await Promise.all([signIn('owner'), signIn('owner'), signIn('owner')])
  await Promise.all(owners.map((owner, at) => disable(owners[(at + 1) % 3]?.id ?? '', owner.token)))
  const left = await full.app.db.selectFrom('staff').select('id').where('disabled_at', 'is', null).execute()
  expect(left.length).toBeGreaterThanOrEqual(1)
})

test('a reset ends the sessions and gives a new password and second factor', async () => {
  const owner = await signIn('owner')
  const other = await signIn('support')
  const { json } = await staffCall(full.server, 'POST', `/staff/${other.id}/reset`, { token: owner.token })
  expect(json.totp_uri).not.toBe(other.totpUri)
  expect(await me(other.token)).toBe(401)
  const asked = await staffCall(full.server, 'POST', '/login', {
    body: { email: other.email, password: json.password },
  })
  expect(asked.json.needs).toEqual(['code', 'password'])
})

test('an address is given to one only', async () => {
  const owner = await signIn('owner')
  const body = { email: owner.email.toUpperCase(), role: 'support' }
  const { status, json } = await staffCall(full.server, 'POST', '/staff', { body, token: owner.token })
  expect([status, json.error]).toEqual([409, ['useralreadyexistsemail_error']])
})

test('what somebody of the staff does stands in the audit trail under their name', async () => {
  const owner = await signIn('owner')
  const body = { email: 'new@example.net', role: 'support' }
  await staffCall(full.server, 'POST', '/staff', { body, token: owner.token })
  const row = await full.app.db
    .selectFrom('audit')
    .select(['event', 'actor', 'staff_id'])
    .orderBy('id', 'desc')
    .executeTakeFirstOrThrow()
  expect(row).toEqual({ event: 'staff.create', actor: owner.email, staff_id: owner.id })
})

test('lists are read on with what the answer before said', async () => {
  const owner = await signIn('owner')
  const seen: string[] = []
  for (let before: string | null = ''; before !== null; ) {
    const query: string = before === '' ? '' : `&before=${before}`
    const { json } = await staffCall(full.server, 'GET', `/staff?perpage=3${query}`, { token: owner.token })
    seen.push(...json.staff.map((member: { id: string }) => member.id))
    before = json.next
  }
  const all = await full.app.db.selectFrom('staff').select('id').orderBy('id', 'desc').execute()
  expect(seen).toEqual(all.map(({ id }) => id))
})
