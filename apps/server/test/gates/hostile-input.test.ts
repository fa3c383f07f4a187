import { operations, planned } from '@innkeeper/contract'
import { afterAll, beforeAll, describe, test } from 'vitest'
import { calls } from './calls.ts'
import { withstands } from './hostile.ts'
import { send } from './send.ts'
import { withstandsTraps } from './traps.ts'
import { createWorld, type World } from './world.ts'

/* Whatever comes in, the answer is JSON, its code one that the operation lists, and never a 5xx. */

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

const plannedIds = new Set(Object.entries(planned).flatMap(([module, names]) => names.map(name => `${module}.${name}`)))
// logout would end the session the other calls use
const targets = operations.filter(operation => !plannedIds.has(operation.id) && operation.id !== 'auth.logout')

describe.each(targets)('$id', operation => {
  test('withstands random input', () =>
    withstands(operation, {
      server: world.server,
      prefix: '/api',
      token: world.token,
      ids: { service_id: world.serviceId, zone_id: world.zoneId, id: world.contactId },
    }))

  // A query has no such keys: fields.ts drops them.
  if (operation.method !== 'GET') {
    test('withstands a trap anywhere in a call that succeeds', async () => {
      const { input, anonymous } = (await calls[operation.id]?.(world)) ?? { input: {} }
      const token = anonymous ? undefined : world.token
      const ask = (trapped: typeof input) => send(world.server, operation, trapped, token)
      await withstandsTraps(world.full.app.db, operation, input, ask)
    })
  }
})
