import { type AnyOperation, pathParameters, roleMay, staffOperations, staffRoles } from '@innkeeper/contract'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { withstands } from './hostile.ts'
import { send } from './send.ts'
import { differences } from './shape.ts'
import { staffCalls } from './staff-calls.ts'
import { createStaffWorld, type StaffWorld } from './staff-world.ts'
import { withstandsTraps } from './traps.ts'

/* Walks every operation of the staff API. What is asked here holds for each one that will ever be added. */

const prefix = '/admin/api'
let world: StaffWorld
beforeAll(async () => {
  world = await createStaffWorld()
})
afterAll(() => world.close())

const ask = (operation: AnyOperation, input: Readonly<Record<string, unknown>>, token?: string) =>
  send(world.server, operation, input, token, prefix)

test('every operation has a call here', () => {
  expect(Object.keys(staffCalls).sort()).toEqual(staffOperations.map(({ id }) => id).sort())
})

describe.each(staffOperations)('$id', operation => {
  const mutates = operation.method !== 'GET'
  const { access } = operation

  test('answers an owner with the keys and JSON types of the example, and a mutation leaves an audit row', async () => {
    const { input, token } = await callOf(operation)
    const before = await auditRows()
    const { status, json, text } = await ask(operation, input, token)
    expect({ status, text }).toMatchObject({ status: 200 })
    // What is not set is null; that it may be, the server has checked against the schema of the reply.
    const found = differences(operation.examples[0].reply, json).filter(text => !/ (is|be) null\b/.test(text))
    expect(found).toEqual([])
    expect(json).not.toHaveProperty('error')
    if (mutates) expect(json.success).toBe(true)
    if (mutates) expect(await auditRows()).toBeGreaterThan(before)
  })

  if (access.kind !== 'public') {
    test('refuses whoever is not signed in, and customers', async () => {
      const { input } = await callOf(operation)
      for (const token of [undefined, world.customerToken]) {
        const { status, json } = await ask(operation, input, token)
        expect({ status, json }).toEqual({ status: 401, json: { success: false, error: ['unauthorized'] } })
      }
    })
  }

  if (access.kind === 'staff' && access.right !== undefined) {
    const { right } = access
    const tooLow = staffRoles.filter(role => !roleMay(role, right))
    test.each(tooLow)('refuses somebody who is %s', async role => {
      const { status, json } = await ask(operation, (await callOf(operation)).input, world.staff[role].token)
      expect({ status, json }).toEqual({ status: 403, json: { success: false, error: ['forbidden'] } })
    })
  }

  if (pathParameters(operation.path).length > 0) {
    test('answers an id that never was with not_found', async () => {
      const { input, token } = await callOf(operation)
      const missing = Object.fromEntries(pathParameters(operation.path).map(name => [name, '999999999']))
      const { status, json } = await ask(operation, { ...input, ...missing }, token)
      expect({ status, json }).toEqual({ status: 404, json: { success: false, error: ['not_found'] } })
    })
  }

  test('withstands random input', async () => {
    const { input } = await callOf(operation)
    const ids = Object.fromEntries(pathParameters(operation.path).map(name => [name, String(input[name])]))
    // As somebody new: what may be done at random here may end the session, or change the password.
    const token = operation.id.startsWith('staff.session.') ? await world.freshToken() : world.staff.owner.token
    await withstands(operation, { server: world.server, prefix, token, ids })
  })

  if (mutates) {
    test('withstands a trap anywhere in a call that succeeds', async () => {
      const { input, token } = await callOf(operation)
      await withstandsTraps(world.full.app.db, operation, input, trapped => ask(operation, trapped, token))
    })
  }
})

test('the User API takes no token of the staff', async () => {
  const answer = await world.server.inject({
    url: '/api/details',
    headers: { authorization: `Bearer ${world.staff.owner.token}` },
  })
  expect([answer.statusCode, answer.json().error]).toEqual([401, ['unauthorized']])
})

test('pages of other origins may not call the staff API', async () => {
  const headers = { origin: 'https://example.org' }
  const answer = await world.server.inject({ url: '/admin/api/me', headers })
  expect(answer.headers['access-control-allow-origin']).toBeUndefined()
  expect(answer.headers['cache-control']).toBe('no-store')
  const preflight = await world.server.inject({ method: 'OPTIONS', url: '/admin/api/me', headers })
  expect(preflight.statusCode).toBe(404)
})

test('a change sent again with its Idempotency-Key is made once, and a key is its sender’s own', async () => {
  const payload = { email: world.freshEmail(), role: 'support' }
  const post = (token: string) =>
    world.server.inject({
      method: 'POST',
      url: `${prefix}/staff`,
      payload,
      headers: { authorization: `Bearer ${token}`, 'idempotency-key': 'hire' },
    })
  const first = await post(world.staff.owner.token)
  const second = await post(world.staff.owner.token)
  expect([first.statusCode, second.statusCode, second.headers['idempotency-replayed']]).toEqual([200, 200, 'true'])
  expect(second.body).toBe(first.body)
  expect((await post(await world.freshToken())).statusCode).toBe(409)
})

async function callOf(operation: AnyOperation) {
  const call = staffCalls[operation.id]
  if (call === undefined) throw new Error(`no call for ${operation.id}`)
  const { input, token } = await call(world)
  const anonymous = operation.access.kind === 'public'
  return { input, token: token ?? (anonymous ? undefined : world.staff.owner.token) }
}

async function auditRows(): Promise<number> {
  const { count } = await world.full.app.db
    .selectFrom('audit')
    .select(({ fn }) => fn.countAll<string>().as('count'))
    .executeTakeFirstOrThrow()
  return Number(count)
}
