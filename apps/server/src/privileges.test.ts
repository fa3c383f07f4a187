import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  areaKeys,
  intersect,
  may,
  mayOn,
  objectKeys,
  ownerPrivileges,
  type PrivilegeTree,
  parsePrivileges,
  withinTree,
} from './privileges.ts'
import { wirePrivileges } from './wire-privileges.ts'

const keysOf = (known: readonly string[]) => fc.subarray([...known], { minLength: 1 })
const objects = (known: readonly string[]) =>
  fc.oneof(
    fc.constant({ full: 1 as const }),
    fc.dictionary(fc.integer({ min: 1, max: 6 }).map(String), keysOf(known), { maxKeys: 4 }),
  )
const tree: fc.Arbitrary<PrivilegeTree> = fc.record(
  {
    billing: keysOf(areaKeys.billing),
    support: keysOf(areaKeys.support),
    misc: keysOf(areaKeys.misc),
    services: objects(objectKeys.services),
    domains: objects(objectKeys.domains),
  },
  { requiredKeys: [] },
)

test('what two trees share is within both', () => {
  fc.assert(
    fc.property(tree, tree, (a, b) => {
      const shared = intersect(a, b)
      expect([withinTree(shared, a), withinTree(shared, b)]).toEqual([true, true])
    }),
  )
})

test('what two trees share gives a privilege exactly where both give it', () => {
  fc.assert(
    fc.property(tree, tree, (a, b) => {
      const shared = intersect(a, b)
      for (const key of areaKeys.misc) expect(may(shared, 'misc', key)).toBe(may(a, 'misc', key) && may(b, 'misc', key))
      for (const key of objectKeys.services)
        for (const id of ['1', '2', '77'])
          expect(mayOn(shared, 'services', id, key)).toBe(
            mayOn(a, 'services', id, key) && mayOn(b, 'services', id, key),
          )
    }),
  )
})

test('a part of a tree shares all of itself with it, and the order does not matter', () => {
  fc.assert(
    fc.property(tree, tree, (a, b) => {
      expect(withinTree(intersect(a, b), intersect(b, a))).toBe(true)
      expect(withinTree(a, intersect(a, a))).toBe(true)
      if (withinTree(a, b)) expect(withinTree(a, intersect(a, b))).toBe(true)
    }),
  )
})

test('every tree is within what an owner has, and reads back from JSON and from PHP brackets', () => {
  fc.assert(
    fc.property(tree, privileges => {
      expect(withinTree(privileges, ownerPrivileges)).toBe(true)
      const read = parsePrivileges(JSON.parse(JSON.stringify(wirePrivileges(privileges))))
      expect(read === undefined ? read : [withinTree(read, privileges), withinTree(privileges, read)]).toEqual([
        true,
        true,
      ])
      expect(parsePrivileges(asBrackets(wirePrivileges(privileges)))).toEqual(read)
    }),
  )
})

/** What PHP brackets become: every list an object with numbers as keys, every number a text. */
function asBrackets(value: unknown): unknown {
  if (Array.isArray(value)) return Object.fromEntries(value.map((item, index) => [String(index), asBrackets(item)]))
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, asBrackets(item)]))
  return String(value)
}

test('any JSON is a tree of known privileges or refused', () => {
  fc.assert(
    fc.property(fc.jsonValue(), input => {
      const read = parsePrivileges(input)
      if (read !== undefined) expect(withinTree(read, ownerPrivileges)).toBe(true)
    }),
  )
})

test.each<[string, unknown, PrivilegeTree | undefined]>([
  ['nothing', undefined, {}],
  ['an empty PHP array', [], {}],
  ['one text for a list', { billing: 'orders' }, { billing: ['orders'] }],
  ['ticked boxes', { billing: { orders: '1', balance: '0' } }, { billing: ['orders'] }],
  ['full as text', { services: { full: '1' } }, { services: { full: 1 } }],
  ['full switched off', { services: { full: 0, 7: ['dns'] } }, { services: { 7: ['dns'] } }],
  ['an unknown area', { root: ['all'] }, undefined],
  ['an unknown key', { billing: ['everything'] }, undefined],
  ['an unknown ticked box', { billing: { everything: '1' } }, undefined],
  ['an id that is none', { services: { '1 or 1=1': ['dns'] } }, undefined],
  ['full as something else', { services: { full: ['dns'] } }, undefined],
  ['a list of services', { services: [['dns']] }, undefined],
  ['a text', 'full', undefined],
  ['the prototype', JSON.parse('{"__proto__":{"billing":["orders"]}}'), undefined],
  ['the constructor', { constructor: ['orders'] }, undefined],
  ['the prototype as an id', JSON.parse('{"services":{"__proto__":["dns"]}}'), undefined],
  ['the constructor as an id', { services: { constructor: ['dns'] } }, undefined],
  ['the prototype as a key', { billing: JSON.parse('{"__proto__":"1"}') }, undefined],
])('%s is read as a grant of just that, or not at all', (_case, input, expected) => {
  expect(parsePrivileges(input)).toEqual(expected)
})

test('names every object inherits give nothing', () => {
  for (const id of ['__proto__', 'constructor', 'toString', 'hasOwnProperty']) {
    expect(mayOn({ services: {} }, 'services', id, 'dns')).toBe(false)
    const part: PrivilegeTree = { services: Object.fromEntries([[id, ['dns']]]) }
    expect(withinTree(part, { services: {} })).toBe(false)
    expect(intersect(part, { services: { 7: ['dns'] } })).toEqual({})
  }
})
