import { operations, planned } from '@innkeeper/contract'
import { afterAll, beforeAll, test } from 'vitest'
import { withstands } from './hostile.ts'
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

test.each(targets)('$id', operation =>
  withstands(operation, {
    server: world.server,
    prefix: '/api',
    token: world.token,
    ids: { service_id: world.serviceId, zone_id: world.zoneId, id: world.contactId },
  }),
)
