import { decode, encode } from 'dns-packet'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compileZone } from './compile-zone.ts'
import { createDataEncoder } from './data-encoder.ts'
import { createResponder } from './responder.ts'
import { testZone } from './test-zone.ts'
import { ZoneTable } from './zone-table.ts'

const zones = new ZoneTable()
const long = `"${'x'.repeat(250)}"`
zones.put(
  compileZone(
    testZone(
      'example.test',
      `@ NS ns1.example.test.
       ns1 A 192.0.2.1
       www CNAME web.example.test.
       web A 192.0.2.2
       long TXT ${long} ${long} ${long} ${long} ${long} ${long}
       sub NS ns.sub.example.test.
       ns.sub A 192.0.2.3
       *.wild CNAME web.example.test.
       a.b.c MX 10 web.example.test.`,
    ),
    createDataEncoder(),
  ),
)
const responder = createResponder(zones, 1232)
const query = encode({ type: 'query', id: 4711, flags: 0x0100, questions: [{ type: 'A', name: 'web.example.test' }] })
const withEdns = Buffer.concat([query, Buffer.from('0000291000000000000000', 'hex')])
withEdns[11] = 1

/** What holds for the answer to any packet whatever. */
function expectSound(packet: Buffer, response: Buffer | undefined): void {
  if (response === undefined) {
    expect(packet.length < 12 || packet.readUInt8(2) >= 0x80).toBe(true)
    return
  }
  expect(response.length).toBeLessThanOrEqual(1232)
  expect(response.subarray(0, 2)).toEqual(packet.subarray(0, 2))
  expect(response.readUInt8(2) & 0x80).toBe(0x80)
  expect(response.readUInt8(3) & 0xf0).toBe(0)
  // Strange but sound names and classes are beyond what dns-packet can write again, so reading must be enough.
  decode(response)
}

test('any bytes get a sound answer or none', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 600 }), bytes => {
      const packet = Buffer.from(bytes)
      expectSound(packet, responder.respond(packet, 'udp'))
    }),
    { numRuns: 5000 },
  )
})

test('queries with bytes changed, cut and added get a sound answer or none', () => {
  const change = fc.tuple(fc.nat(80), fc.nat(255))
  fc.assert(
    fc.property(
      fc.constantFrom(query, withEdns),
      fc.array(change, { maxLength: 6 }),
      fc.nat(80),
      fc.uint8Array({ maxLength: 30 }),
      (original, changes, cut, tail) => {
        const packet = Buffer.concat([original.subarray(0, original.length - Math.min(cut >> 3, 10)), tail])
        for (const [at, value] of changes) if (at < packet.length) packet[at] = value
        expectSound(packet, responder.respond(packet, 'udp'))
      },
    ),
    { numRuns: 20_000 },
  )
})

test.each([
  ['a response', 2, 0x80],
  ['a notice that is a response', 2, 0xa0],
])('%s is not answered', (_what, at, value) => {
  const packet = Buffer.from(query)
  packet[at] = value
  expect(responder.respond(packet, 'udp')).toBeUndefined()
})

const brokenQueries: [string, Buffer][] = [
  ['no question', changed(query, [5, 0])],
  ['two questions', changed(query, [5, 2])],
  ['a compressed question', Buffer.concat([query.subarray(0, 12), Buffer.from('c00c00010001', 'hex')])],
  ['a question that ends early', query.subarray(0, query.length - 1)],
  ['two EDNS records', changed(Buffer.concat([withEdns, withEdns.subarray(-11)]), [11, 2])],
  ['an EDNS record that is not the root', changed(withEdns, [query.length, 0xc0])],
  [
    'an EDNS option longer than its record',
    changed(Buffer.concat([withEdns, Buffer.from('000affff', 'hex')]), [query.length + 10, 4]),
  ],
  ['a missing additional record', changed(query, [11, 1])],
]

test.each(brokenQueries)('%s is a format error', (_what, packet) => {
  expect(responder.respond(packet, 'udp')?.readUInt8(3)).toBe(1)
})

test.each([1, 2, 3, 4, 5, 6, 15])('opcode %i is not implemented', opcode => {
  const response = responder.respond(changed(query, [2, opcode << 3]), 'udp')
  expect(response?.readUInt8(3)).toBe(4)
  expect((response?.readUInt8(2) ?? 0) & 0x78).toBe(opcode << 3)
})

test.each([
  [undefined, 512],
  [0, 512],
  [511, 512],
  [700, 700],
  [65_535, 1232],
])(
  'to an asker that takes %s bytes, answers over UDP have at most %i, and TC says when that is too little',
  (size, limit) => {
    for (let strings = 1; strings <= 8; strings++) {
      const data = Array.from({ length: strings }, () => `"${'y'.repeat(199)}"`).join(' ')
      const table = new ZoneTable()
      table.put(compileZone(testZone('example.test', `@ TXT ${data}`), createDataEncoder()))
      const question = encode({ type: 'query', id: 1, questions: [{ type: 'TXT', name: 'example.test' }] })
      const packet = size === undefined ? question : Buffer.concat([changed(question, [11, 1]), ednsOf(size)])
      const response = createResponder(table, 1232).respond(packet, 'udp') ?? Buffer.alloc(0)
      const whole = question.length + 12 + 200 * strings + (size === undefined ? 0 : 11)
      expect(response.length).toBeLessThanOrEqual(limit)
      expect((response.readUInt8(2) & 2) !== 0).toBe(whole > limit)
      if (whole <= limit) expect(response).toHaveLength(whole)
    }
  },
)

test('names are found whatever their letter case, and come back as they were asked', () => {
  const packet = encode({ type: 'query', id: 1, questions: [{ type: 'A', name: 'wWw.eXample.TEST' }] })
  const response = decode(responder.respond(packet, 'udp') ?? Buffer.alloc(0))
  expect(response.questions?.[0]?.name).toBe('wWw.eXample.TEST')
  expect(response.answers?.[0]?.name).toBe('wWw.eXample.TEST')
  expect(response.answers).toHaveLength(2)
})

function changed(packet: Buffer, [at, value]: [number, number]): Buffer {
  const copy = Buffer.from(packet)
  copy[at] = value
  return copy
}

function ednsOf(size: number): Buffer {
  const record = Buffer.from('0000290000000000000000', 'hex')
  record.writeUInt16BE(size, 3)
  return record
}
