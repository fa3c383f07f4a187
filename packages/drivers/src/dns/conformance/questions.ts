import fc from 'fast-check'
import type { Zone, ZoneRecord } from '../driver.ts'
import type { QuestionType } from './message.ts'
import { record, sampleZone } from './sample-zones.ts'

/** Few labels, so that names meet: wildcards beside and below names that exist, cuts, empty names between. */
const labels = ['a', 'b', '*', 'c.a', 'd.c.a', '*.a', '*.b', 'x.b', 'cut', 'ns.cut', 'alias', 'chain', 'e.f.g'] as const
const asked = [
  ...labels,
  'zz',
  'y.zz',
  'q.a',
  'w.q.a',
  'q.b',
  'w.x.b',
  'h.cut',
  'f.g',
  'g',
  'x.alias',
  'www',
  '',
] as const
export const askedTypes: readonly QuestionType[] = [
  'A',
  'AAAA',
  'TXT',
  'CNAME',
  'NS',
  'MX',
  'SOA',
  'DS',
  'SRV',
  'HINFO',
]

/** What a server is asked. */
export interface Question {
  readonly name: string
  readonly type: QuestionType
}

/** A zone such as customers make: no CNAME beside other data, nothing but DS and glue at and below a cut. */
export function zones(name: string): fc.Arbitrary<Zone> {
  const full = (label: string) => (label === '' ? name : `${label}.${name}`)
  const target = fc.constantFrom(
    ...asked.filter(label => !label.includes('*')).map(label => `${full(label)}.`),
    'www.example.net.',
  )
  const owner = fc.constantFrom(...labels.filter(label => !label.endsWith('cut')), '')
  const plain = fc.oneof(
    fc.tuple(owner, fc.constantFrom('192.0.2.1', '192.0.2.2')).map(([at, data]) => record(full(at), 'A', data)),
    owner.map(at => record(full(at), 'AAAA', '2001:db8::1')),
    owner.map(at => record(full(at), 'TXT', '"text"')),
    fc.tuple(owner, target).map(([at, data]) => record(full(at), 'MX', `10 ${data}`)),
    fc.tuple(owner, target).map(([at, data]) => record(full(at), 'SRV', `1 2 3 ${data}`)),
  )
  const aliasOwner = owner.filter(at => at !== '')
  const aliases = fc.tuple(aliasOwner, target).map(([at, data]) => record(full(at), 'CNAME', data))
  const cut = fc.constantFrom<readonly ZoneRecord[]>(
    [],
    [record(full('cut'), 'NS', 'ns.example.net.')],
    [record(full('cut'), 'NS', `${full('ns.cut')}.`), record(full('ns.cut'), 'A', '192.0.2.53')],
    [record(full('cut'), 'NS', 'ns.example.net.'), record(full('cut'), 'DS', `1 13 2 ${'ab'.repeat(32)}`)],
  )
  return fc
    .tuple(fc.array(plain, { minLength: 1, maxLength: 12 }), fc.array(aliases, { maxLength: 4 }), cut)
    .map(([datas, links, delegation]) => {
      const linked = new Map(links.map(link => [link.name, link]))
      const beside = datas.filter(one => !linked.has(one.name))
      return sampleZone(name, 1, [...beside, ...linked.values(), ...delegation])
    })
}

/** Every name that may matter, of every type. */
export function questions(zone: string): Question[] {
  return asked.flatMap(label => askedTypes.map(type => ({ name: label === '' ? zone : `${label}.${zone}`, type })))
}
