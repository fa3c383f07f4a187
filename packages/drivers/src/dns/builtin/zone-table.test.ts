import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compileZone } from './compile-zone.ts'
import { createDataEncoder } from './data-encoder.ts'
import { testZone } from './test-zone.ts'
import { apexName, serialOf } from './zone-block.ts'
import { ZoneTable } from './zone-table.ts'

const encode = createDataEncoder()
const compile = (name: string, serial: number) => compileZone(testZone(name, '@ NS ns1.example.test.', serial), encode)
const wire = (name: string) =>
  `${name
    .split('.')
    .map(label => String.fromCharCode(label.length) + label)
    .join('')}\0`

/** Few labels, so that names often are above, below or the same as others. */
const name = fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 4 }).map(labels => labels.join('.'))
const step = fc.record({ name, serial: fc.nat(1000), remove: fc.boolean() })

test('the table finds the same zones as a search through a list', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), fc.array(name), (steps, questions) => {
      const table = new ZoneTable()
      const list = new Map<string, number>()
      for (const { name, serial, remove } of steps) {
        if (remove) table.remove(wire(name))
        else table.put(compile(name, serial))
        if (remove) list.delete(name)
        else list.set(name, serial)
      }
      expect(new Map(Array.from(table, zone => [apexName(zone), serialOf(zone)]))).toEqual(
        new Map([...list].map(([name, serial]) => [wire(name), serial])),
      )
      for (const question of [...questions, 'a.b.c.a.b.c']) {
        const labels = question.split('.')
        const above = labels.map((_, at) => labels.slice(at).join('.')).find(suffix => list.has(suffix))
        const found = table.find(wire(question))
        expect(found === undefined ? undefined : apexName(found)).toBe(above === undefined ? undefined : wire(above))
        expect(table.get(wire(question)) !== undefined).toBe(list.has(question))
      }
    }),
  )
})

test('a table that grew, and one that lost most of its zones, still find each', () => {
  const table = new ZoneTable()
  const count = 5000
  for (let index = 0; index < count; index++) table.put(compile(`zone-${index}.test`, index))
  for (let index = 0; index < count; index += 2) table.remove(wire(`zone-${index}.test`))
  for (let index = count; index < 2 * count; index++) table.put(compile(`zone-${index}.test`, index))
  for (let index = 0; index < 2 * count; index++) {
    const zone = table.find(wire(`www.zone-${index}.test`))
    expect(zone === undefined ? undefined : serialOf(zone)).toBe(index < count && index % 2 === 0 ? undefined : index)
  }
})
