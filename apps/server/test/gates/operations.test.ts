import { type AnyOperation, operations, pathParameters, planned } from '@innkeeper/contract'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { calls } from './calls.ts'
import { send } from './send.ts'
import { differences } from './shape.ts'
import { createWorld, type World } from './world.ts'

/* Walks every operation of the contract. What is asked here holds for each one that will ever be added. */

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

const plannedIds = new Set(Object.entries(planned).flatMap(([module, names]) => names.map(name => `${module}.${name}`)))
const carriedOut = operations.filter(operation => !plannedIds.has(operation.id))

test('every operation is carried out or planned, and every one carried out has a call here', () => {
  expect(carriedOut.map(operation => operation.id).filter(id => calls[id] === undefined)).toEqual([])
  expect(Object.keys(calls).filter(id => !carriedOut.some(operation => operation.id === id))).toEqual([])
})

test.each(operations.filter(operation => plannedIds.has(operation.id)))(
  '$id is planned: invalid method',
  async operation => {
    const { status, json } = await send(world.server, operation, {}, world.token)
    expect({ status, json }).toEqual({ status: 404, json: { success: false, error: ['invalid method'] } })
  },
)

describe.each(carriedOut)('$id', operation => {
  const mutates = operation.method !== 'GET'

  test('answers its owner with the keys and JSON types of the example, and a mutation leaves an audit row', async () => {
    const { input, anonymous, onlyAsks = false } = await callOf(operation)
    const before = await auditRows()
    const token = anonymous ? undefined : operation.id === 'auth.logout' ? await world.freshToken() : world.token
    const { status, json, text } = await send(world.server, operation, input, token)
    expect({ status, text }).toMatchObject({ status: 200 })
    const [example] = operation.examples
    const flat = { ...(example.reply as Record<string, unknown>) }
    if (Array.isArray(flat.info)) flat.info = flat.info.flat()
    expect(differences(flat, json)).toEqual([])
    expect(json).not.toHaveProperty('error')
    expect(json).not.toHaveProperty('data')
    if (mutates) expect(json.success).toBe(true)
    if (mutates && !onlyAsks) expect(await auditRows()).toBeGreaterThan(before)
  })

  if (operation.access.kind !== 'public') {
    test('refuses whoever is not signed in', async () => {
      const { status, json } = await send(world.server, operation, (await callOf(operation)).input)
      expect({ status, json }).toEqual({ status: 401, json: { success: false, error: ['unauthorized'] } })
    })
  }

  if (operation.access.kind === 'area') {
    test('refuses a contact without its privilege', async () => {
      const { status, json } = await send(
        world.server,
        operation,
        (await callOf(operation)).input,
        world.powerlessToken,
      )
      expect({ status, json }).toEqual({ status: 403, json: { success: false, error: ['forbidden'] } })
    })
  }

  if (operation.access.kind === 'object') {
    test('does not exist for a contact without its privilege', async () => {
      const { status, json } = await send(
        world.server,
        operation,
        (await callOf(operation)).input,
        world.powerlessToken,
      )
      expect({ status, json }).toEqual({ status: 404, json: { success: false, error: ['not_found'] } })
    })
  }

  if (pathParameters(operation.path).length > 0) {
    test('does not exist for another account, and an id that never was is answered alike', async () => {
      const { input, ofProvider } = await callOf(operation)
      const notFound = { status: 404, json: { success: false, error: ['not_found'] } }
      if (!ofProvider) {
        const strangers = await send(world.server, operation, input, world.strangerToken)
        expect({ status: strangers.status, json: strangers.json }).toEqual(notFound)
      }
      const missing = {
        ...input,
        ...Object.fromEntries(pathParameters(operation.path).map(name => [name, '999999999'])),
      }
      const { status, json } = await send(world.server, operation, missing, world.token)
      expect({ status, json }).toEqual(notFound)
    })
  }
})

async function callOf(operation: AnyOperation) {
  const call = calls[operation.id]
  if (call === undefined) throw new Error(`no call for ${operation.id}`)
  return call(world)
}

async function auditRows(): Promise<number> {
  const { count } = await world.full.app.db
    .selectFrom('audit')
    .select(({ fn }) => fn.countAll<string>().as('count'))
    .executeTakeFirstOrThrow()
  return Number(count)
}
