import { createZoneIndex, type ZoneEntry } from '@innkeeper/drivers'
import { expect, test } from 'vitest'
import type { LockedZone } from './zone.ts'
import { createZoneIndexes } from './zone-indexes.ts'

const record = (id: string): ZoneEntry => {
  return { id, name: `n${id}.example.com`, type: 'A', ttlSeconds: 60, priority: 0, content: '192.0.2.1' }
}
const locked = (zoneId: string, version: number): LockedZone => {
  const path = { accountId: '1', serviceId: '1', zoneId }
  const versions = { version: String(version), versionBefore: String(version - 1) }
  return { ...path, ...versions, name: 'example.com', soaId: '1', serviceStatus: 'Active' }
}
function loader(...ids: string[]) {
  const load = async () => {
    load.times += 1
    return createZoneIndex('example.com', ids.map(record))
  }
  load.times = 0
  return load
}

test('an index follows the changes that are committed, and is loaded once', async () => {
  const indexes = createZoneIndexes()
  const load = loader('1')
  const first = await indexes.before(locked('9', 2), load)
  indexes.committed(locked('9', 2), first, { add: [record('2')] })
  const second = await indexes.before(locked('9', 3), load)
  expect([second.size, load.times]).toEqual([2, 1])
})

test('a change that was rolled back is not in the index', async () => {
  const indexes = createZoneIndexes()
  const load = loader('1')
  await indexes.before(locked('9', 2), load)
  const again = await indexes.before(locked('9', 2), load)
  expect([again.size, load.times]).toEqual([1, 1])
})

test('an index of another version, as another node leaves it, is loaded anew', async () => {
  const indexes = createZoneIndexes()
  await indexes.before(locked('9', 2), loader('1'))
  const load = loader('1', '2', '3')
  expect((await indexes.before(locked('9', 7), load)).size).toBe(3)
  expect(load.times).toBe(1)
})

test('the next writer waits for the news of the commit that freed the zone', async () => {
  const indexes = createZoneIndexes()
  const load = loader('1')
  const first = await indexes.before(locked('9', 2), load)
  const next = indexes.before(locked('9', 3), load)
  indexes.committed(locked('9', 2), first, { add: [record('2')] })
  expect((await next).size).toBe(2)
  expect(load.times).toBe(1)
})

test('the least recently used indexes go first when there are too many records', async () => {
  const indexes = createZoneIndexes(4)
  const load = loader('1', '2')
  for (const zone of ['a', 'b', 'a', 'c']) await indexes.before(locked(zone, 2), load)
  expect(load.times).toBe(3)
  await indexes.before(locked('a', 2), load)
  expect(load.times).toBe(3)
  await indexes.before(locked('b', 2), load)
  expect(load.times).toBe(4)
})
