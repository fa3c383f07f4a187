import { describe, expect, test } from 'vitest'
import type { CustomerType, Finding, StoredRecord } from './types.ts'
import { checkZone, createZoneIndex, type ZoneEntry } from './zone.ts'

const zone = 'example.com'
let ids = 0

/** `www A 192.0.2.1`, `@ MX 10 mail.example.net`: a record as tests write it. */
function entry(line: string): ZoneEntry {
  const [name = '', type = '', ...rest] = line.split(' ')
  const priority = type === 'MX' || type === 'SRV' ? Number(rest.shift()) : 0
  const full = name === '@' ? zone : `${name}.${zone}`
  // The tests below name known types only.
  return {
    id: String(++ids),
    name: full,
    type: type as CustomerType,
    ttlSeconds: 3600,
    priority,
    content: rest.join(' '),
  }
}

const apex = '@ NS ns1.example.net'

function problems(findings: readonly Finding[]): string[] {
  return findings.map(finding => finding.problem)
}

/** before, added, the problems that it brings */
test.each<[string[], string[], string[]]>([
  [[], ['www A 192.0.2.1', 'www A 192.0.2.2', 'www TXT x'], []],
  [['www A 192.0.2.1'], ['www A 192.0.2.1'], ['duplicate']],
  [['@ MX 10 mail.example.net'], ['@ MX 20 mail.example.net'], []],
  [['@ MX 10 mail.example.net'], ['@ MX 10 mail.example.net'], ['duplicate']],

  [['www A 192.0.2.1'], ['www CNAME www.example.net'], ['cname_not_alone']],
  [['www CNAME www.example.net'], ['www A 192.0.2.1'], ['cname_exists']],
  [['www CNAME www.example.net'], ['www CNAME other.example.net'], ['cname_exists']],
  [['www CNAME www.example.net'], ['a.www A 192.0.2.1'], []],
  [[], ['@ CNAME www.example.net'], ['cname_at_apex']],
  [[], ['*.dev CNAME www.example.net'], []],

  [[], ['@ MX 0 .'], []],
  [['@ MX 0 .'], ['@ MX 10 mail.example.net'], ['null_mx_not_alone']],
  [['@ MX 10 mail.example.net'], ['@ MX 0 .'], ['null_mx_not_alone']],
  [['@ MX 0 .'], ['@ MXE 192.0.2.25'], ['null_mx_not_alone']],
  [['@ MX 10 mail.example.net'], ['@ MXE 192.0.2.25'], ['wrong_place']],
  [['@ MXE 192.0.2.25'], ['@ MX 10 mail.example.net'], ['wrong_place']],
  [['@ MXE 192.0.2.25'], ['@ MXE 192.0.2.26', '@ A 192.0.2.1'], []],

  [['@ TXT v=spf1 -all'], ['@ TXT v=spf1 mx -all'], ['content']],
  [['@ TXT v=spf1 -all'], ['@ TXT v=spf10', 'www TXT v=spf1 -all'], []],

  [['www URL https://example.net/'], ['www A 192.0.2.1'], ['wrong_place']],
  [['www AAAA 2001:db8::1'], ['www FRAME https://example.net/'], ['wrong_place']],
  [['www URL https://example.net/'], ['www FRAME https://example.net/'], ['wrong_place']],
  [['www URL https://example.net/'], ['www CNAME www.example.net'], ['cname_not_alone']],
  [['@ URL https://example.net/'], ['@ MX 10 mail.example.net', '@ TXT x'], []],

  [[], ['sub NS ns.example.net', 'sub DS 1 13 2 aa', 'sub NS ns2.sub.example.com', 'ns2.sub A 192.0.2.1'], []],
  [['ns.sub A 192.0.2.1'], ['sub NS ns.sub.example.com'], []],
  [[], ['sub NS sub.example.com', 'sub A 192.0.2.1'], []],
  [['sub NS ns.example.net'], ['sub TXT x'], ['wrong_place']],
  [['sub TXT x'], ['sub NS ns.example.net'], ['wrong_place']],
  [['sub NS ns.example.net'], ['a.b.sub TXT x'], ['wrong_place']],
  [['sub NS ns.example.net'], ['*.sub A 192.0.2.1'], ['wrong_place']],
  [['sub NS ns.example.net'], ['a.sub NS ns.example.net'], ['wrong_place']],
  [['a.b.sub TXT x'], ['sub NS ns.example.net'], ['wrong_place']],
  [['a.b.sub TXT x'], ['b.sub NS ns.example.net', 'notsub NS ns.example.net'], ['wrong_place']],
  [['sub NS ns.example.net'], ['sub NS ns2.example.net'], []],
  [['www.sub TXT x'], ['ub NS ns2.example.net'], []],
  [[], ['sub DS 1 13 2 aa'], ['wrong_place']],
  [[], ['@ DS 1 13 2 aa'], ['wrong_place']],
  [[], ['*.sub NS ns.example.net'], ['wrong_place']],
])('to %j adding %j brings %j', (before, added, expected) => {
  const index = createZoneIndex(zone, [apex, ...before].map(entry))
  expect(problems(index.check({ add: added.map(entry) }))).toEqual(expected)
})

describe('removing', () => {
  const lines = [apex, '@ NS ns2.example.net', 'sub NS ns.example.net', 'sub DS 1 13 2 aa', 'www A 192.0.2.1']
  const entries = lines.map(entry)
  const idsOf = (...at: number[]) => at.map(at => entries[at]?.id ?? '')

  test.each<[string, number[], string[]]>([
    ['a record', [4], []],
    ['one of two name servers', [0], []],
    ['all name servers of the zone', [0, 1], ['wrong_place']],
    ['a delegation with its DS', [2, 3], []],
    ['a delegation that leaves its DS', [2], ['wrong_place']],
  ])('%s', (_, at, expected) => {
    const index = createZoneIndex(zone, entries)
    expect(problems(index.check({ remove: idsOf(...at) }))).toEqual(expected)
  })

  test('the last name server may be exchanged in one change', () => {
    const index = createZoneIndex(zone, entries)
    expect(index.check({ remove: idsOf(0, 1), add: [entry('@ NS ns3.example.net')] })).toEqual([])
  })

  test('unknown ids are passed over', () => {
    const index = createZoneIndex(zone, entries)
    index.apply({ remove: ['none'] })
    expect(index.size).toBe(lines.length)
  })
})

test('an update is a record of the same id', () => {
  const www = entry('www CNAME www.example.net')
  const index = createZoneIndex(zone, [entry(apex), www])
  const update = { ...entry('www A 192.0.2.1'), id: www.id }
  expect(index.check({ add: [update] })).toEqual([])
  index.apply({ add: [update] })
  expect(index.get(www.id)).toEqual(update)
  expect(index.size).toBe(2)
  expect(index.rrset(`www.${zone}`, 'CNAME')).toEqual([])
})

test('a set of more than 64 KB is refused', () => {
  const text = 'x'.repeat(30_000)
  const index = createZoneIndex(zone, [entry(apex), entry(`www TXT ${text}`), entry(`www TXT a${text}`)])
  expect(problems(index.check({ add: [entry(`www TXT b${text}`)] }))).toEqual(['rrset_too_large'])
  expect(index.check({ add: [entry(`www2 TXT b${text}`)] })).toEqual([])
})

test('a zone that is broken already can be mended step by step', () => {
  const entries = ['www CNAME a.example.net', 'www CNAME b.example.net', 'www A 192.0.2.1'].map(entry)
  const index = createZoneIndex(zone, entries)
  expect(index.check({ add: [entry('mail A 192.0.2.1')] })).toEqual([])
  expect(index.check({ remove: [entries[2]?.id ?? ''] })).toEqual([])
})

test('the index says what a set is and which TTL it has', () => {
  const index = createZoneIndex(zone, [entry('www A 192.0.2.1'), { ...entry('www TXT x'), ttlSeconds: 60 }])
  expect(index.ttlOf(`www.${zone}`, 'TXT')).toBe(60)
  expect(index.ttlOf(`www.${zone}`, 'AAAA')).toBeUndefined()
  expect(index.rrset(`www.${zone}`, 'A').map(record => record.content)).toEqual(['192.0.2.1'])
  expect([...index.records()]).toHaveLength(2)
})

describe('warnings', () => {
  test.each<[string, string[], string[]]>([
    ['glue_missing', [apex, 'sub NS ns.sub.example.com'], ['sub']],
    ['glue_missing', ['@ NS ns1.example.com', '@ NS ns2.example.net'], ['@']],
    ['hostname', ['@ MX 10 mail.example.com', 'mail CNAME www.example.net'], ['@']],
    ['ns_target', ['sub NS ns.example.com', 'ns CNAME www.example.net'], ['sub']],
    ['srv_target', ['_sip._tcp SRV 1 5 5060 sip.example.com', 'sip CNAME www.example.net'], ['_sip._tcp']],
    ['ipv6', ['www AAAA ::ffff:192.0.2.1'], ['www']],
    ['wrong_place', [apex], ['@']],
  ])('%s: %j', (problem, lines, [at = '']) => {
    const index = createZoneIndex(zone, lines.map(entry))
    const found = index.warnings(at === '@' ? zone : `${at}.${zone}`)
    expect(found).toMatchObject([{ problem, warning: true }])
  })

  test('name servers with addresses and targets outside the zone give none', () => {
    const lines = ['sub NS ns.sub.example.com', 'ns.sub AAAA 2001:db8::1', 'sub NS ns.example.net']
    const index = createZoneIndex(zone, lines.map(entry))
    expect(index.warnings(`sub.${zone}`)).toEqual([])
  })
})

test('the check of a whole zone finds what is wrong anywhere, warnings last', () => {
  const records: StoredRecord[] = [
    entry(apex),
    entry('www CNAME a.example.net'),
    entry('www A 192.0.2.1'),
    entry('sub NS ns.example.net'),
    entry('a.sub TXT x'),
    { ...entry('mail A 192.0.2.1'), ttlSeconds: 60 },
    entry('mail A 192.0.2.2'),
  ]
  const found = checkZone(zone, records)
  expect(problems(found.filter(finding => !finding.warning)).sort()).toEqual([
    'cname_exists',
    'cname_not_alone',
    'wrong_place',
  ])
  expect(problems(found.filter(finding => finding.warning)).sort()).toEqual(['ttl_differs', 'wrong_place'])
})
