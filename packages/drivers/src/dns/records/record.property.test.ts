import fc from 'fast-check'
import { expect, test } from 'vitest'
import { typeDescriptions } from './descriptions.ts'
import { parseRecord, presentData } from './record.ts'
import { recordInputs } from './record-inputs.ts'
import { recordTypes } from './types.ts'
import { encodeData } from './wire.ts'
import { rrsetWireLength } from './wire-length.ts'

const zone = 'example.com'
const limits = { minTtlSeconds: 0, maxTtlSeconds: 2 ** 31 - 1, defaultTtlSeconds: 3600 }

test('whatever is sent, nothing is thrown, and what is taken is read again as itself, stored or presented', () => {
  const taken = new Set<string>()
  fc.assert(
    fc.property(recordInputs, sent => {
      const parsed = parseRecord({ ...sent, zone }, limits)
      if (!parsed.ok) {
        expect(parsed.findings.length).toBeGreaterThan(0)
        return
      }
      const { record } = parsed
      taken.add(record.type)
      expect(parseRecord({ ...record, zone }, limits)).toEqual(parsed)
      expect(parseRecord({ ...record, zone, content: presentData(record) }, limits)).toEqual(parsed)
      expect(presentData(record)).toMatch(/^[\x20-\x7e]+$/)
      const real = recordTypes.find(known => known === record.type)
      if (real === undefined) return
      // The size of a set may be thought too large, never too small.
      const { length } = encodeData(real, presentData(record))
      expect(rrsetWireLength([record])).toBeGreaterThanOrEqual(length + record.name.length + 30)
    }),
    { numRuns: 8000 },
  )
  // Otherwise the property would say nothing about the types that are missing.
  expect([...taken].sort()).toEqual(Object.keys(typeDescriptions).sort())
})

test('any text of one line is kept by TXT as it was sent', () => {
  const line = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 600 }).filter(text => text.trim() === text)
  fc.assert(
    fc.property(line, text => {
      fc.pre(!text.startsWith('"'))
      expect(parseRecord({ zone, name: '', type: 'TXT', content: text }, limits)).toMatchObject({
        record: { content: text },
      })
    }),
  )
})

test('any bytes are kept by TXT, in strings of at most 255', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 1000, size: 'max' }), bytes => {
      const sent = `"${[...bytes].map(byte => `\\${String(byte).padStart(3, '0')}`).join('')}"`
      const parsed = parseRecord({ zone, name: '', type: 'TXT', content: sent }, limits)
      if (!parsed.ok) expect.fail(parsed.findings[0]?.detail)
      const strings = presentData(parsed.record).match(/"(?:[^"\\]|\\.)*"/g) ?? []
      const read = strings.map(text => Buffer.from(text.slice(1, -1).replace(/\\(\d{3}|.)/g, byteOf), 'latin1'))
      expect(read.every(string => string.length <= 255)).toBe(true)
      expect(Buffer.concat(read).equals(bytes)).toBe(true)
    }),
  )
})

function byteOf(_: string, escaped: string): string {
  return escaped.length === 3 ? String.fromCharCode(Number(escaped)) : escaped
}
