import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { StoredRecord } from './types.ts'
import { checkZone, createZoneIndex, type ZoneChange, type ZoneEntry } from './zone.ts'
import { createZoneNames } from './zone-names.ts'
import { findingsAt } from './zone-rules.ts'

const zone = 'example.com'
const names = ['', '*.', 'a.', 'b.', 'a.b.', '*.b.', 'c.a.b.', 'x.c.a.b.'].map(prefix => `${prefix}${zone}`)
/** Few names and few values, so that records meet. */
const data = fc
  .constantFrom<readonly [StoredRecord['type'], number, string]>(
    ['A', 0, '192.0.2.1'],
    ['A', 0, '192.0.2.2'],
    ['AAAA', 0, '2001:db8::1'],
    ['CNAME', 0, 'x.example.net'],
    ['CNAME', 0, 'y.example.net'],
    ['MX', 0, '.'],
    ['MX', 10, 'mail.example.net'],
    ['MXE', 0, '192.0.2.1'],
    ['NS', 0, 'ns1.example.net'],
    ['NS', 0, 'a.b.example.com'],
    ['DS', 0, '1 13 2 aa'],
    ['TXT', 0, 'v=spf1 -all'],
    ['TXT', 0, 'v=spf1 mx -all'],
    ['TXT', 0, 'x'.repeat(40_000)],
    ['TXT', 0, 'y'.repeat(30_000)],
    ['URL', 0, 'https://example.net/'],
    ['FRAME', 0, 'https://example.net/'],
  )
  .map(([type, priority, content]) => ({ type, priority, content, ttlSeconds: 3600 }))
const id = fc.nat(12).map(String)
const entry: fc.Arbitrary<ZoneEntry> = fc
  .tuple(id, fc.constantFrom(...names), data)
  .map(([id, name, data]) => ({ id, name, ...data }))
const change: fc.Arbitrary<ZoneChange> = fc.record(
  { remove: fc.array(id, { maxLength: 4 }), add: fc.array(entry, { maxLength: 4 }) },
  { requiredKeys: [] },
)
const entries = fc.array(entry, { maxLength: 12 })

/** Every problem of a whole zone, told apart by the data it is about. */
function allProblems(records: Iterable<ZoneEntry>): Set<string> {
  const view = createZoneNames(zone, records)
  return new Set(names.flatMap(name => findingsAt(view, name).map(placed => placed.key)))
}

function applied(before: readonly ZoneEntry[], { remove = [], add = [] }: ZoneChange): ZoneEntry[] {
  const byId = new Map(before.map(entry => [entry.id, entry]))
  for (const gone of remove) byId.delete(gone)
  for (const entry of add) byId.set(entry.id, entry)
  return [...byId.values()]
}

test('a change is refused exactly if the whole zone after it has a problem that it had not before', () => {
  let refused = 0
  fc.assert(
    fc.property(entries, change, (before, change) => {
      const old = allProblems(applied(before, {}))
      const brought = [...allProblems(applied(before, change))].filter(key => !old.has(key))
      const found = createZoneIndex(zone, before).check(change)
      if (found.length > 0) refused++
      expect(found.length > 0).toBe(brought.length > 0)
    }),
    { numRuns: 2000 },
  )
  expect(refused).toBeGreaterThan(200)
})

test('asking changes nothing, and a change leaves what it says', () => {
  const sorted = (records: Iterable<ZoneEntry>) => [...records].sort((one, other) => Number(one.id) - Number(other.id))
  fc.assert(
    fc.property(entries, fc.array(change, { maxLength: 4 }), (before, changes) => {
      const index = createZoneIndex(zone, before)
      let wanted = applied(before, {})
      for (const change of changes) {
        index.check(change)
        expect(sorted(index.records())).toEqual(sorted(wanted))
        index.apply(change)
        wanted = applied(wanted, change)
        // A later question is answered as by an index made new: the counts along the tree are kept right.
        const ns: ZoneChange = {
          add: [{ id: 'ns', name: `b.${zone}`, type: 'NS', priority: 0, content: 'x.test', ttlSeconds: 1 }],
        }
        expect(index.check(ns)).toEqual(createZoneIndex(zone, sorted(index.records())).check(ns))
      }
      expect(sorted(index.records())).toEqual(sorted(wanted))
      expect(index.size).toBe(wanted.length)
    }),
    { numRuns: 500 },
  )
})

test('a zone built by accepted changes alone is sound as a whole', () => {
  const start: ZoneEntry = {
    id: 'ns',
    name: zone,
    type: 'NS',
    priority: 0,
    content: 'ns1.example.net',
    ttlSeconds: 3600,
  }
  fc.assert(
    fc.property(fc.array(change, { minLength: 5, maxLength: 20 }), changes => {
      const index = createZoneIndex(zone, [start])
      for (const change of changes) if (index.check(change).length === 0) index.apply(change)
      expect(checkZone(zone, index.records()).filter(finding => !finding.warning)).toEqual([])
    }),
    { numRuns: 500 },
  )
})
