import { expect, test } from 'vitest'
import { createWaitingZones } from './waiting.ts'

const mark = (name: string, version = '1') => ({ id: name, name, version, deleted: false })
const names = (list: { mark: { name: string } }[]) => list.map(waiting => waiting.mark.name)

test('zones come in the order in which they began to wait', () => {
  const zones = createWaitingZones()
  for (const name of ['a', 'b', 'c']) zones.add(mark(name), 0)
  zones.add(mark('a', '2'), 1)
  expect(names(zones.due(1, 2))).toEqual(['a', 'b'])
})

test('a zone just published rests, so that steady change to it is published in steps', () => {
  const zones = createWaitingZones()
  zones.add(mark('a'), 0)
  zones.published('a', 10, 1)
  zones.add(mark('a', '2'), 11)
  expect(zones.due(109, 9)).toEqual([])
  expect(zones.nextDue(11)).toBe(110)
  expect(names(zones.due(110, 9))).toEqual(['a'])
})

test('a zone that took long to publish rests longer, and never over half a second', () => {
  const zones = createWaitingZones()
  zones.add(mark('a'), 0)
  zones.published('a', 0, 50)
  zones.add(mark('a', '2'), 0)
  expect(zones.nextDue(0)).toBe(400)
  zones.published('a', 400, 10_000)
  zones.add(mark('a', '3'), 400)
  expect(zones.nextDue(400)).toBe(900)
})

test('a zone that failed waits behind the others, and comes at once when it changes', () => {
  const zones = createWaitingZones()
  for (const name of ['a', 'b']) zones.add(mark(name), 0)
  zones.failed('a', 'no', 5_000)
  expect(names(zones.due(0, 9))).toEqual(['b'])
  zones.add(mark('a'), 1)
  expect(names(zones.due(1, 9))).toEqual(['b'])
  zones.add(mark('a', '2'), 2)
  expect(names(zones.due(2, 9))).toEqual(['b', 'a'])
})
