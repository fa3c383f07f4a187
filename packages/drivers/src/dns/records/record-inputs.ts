import fc from 'fast-check'
import { typeDescriptions } from './descriptions.ts'
import type { RecordInput } from './record.ts'
import { type CustomerType, pseudoTypes, recordTypes } from './types.ts'

const number = fc.oneof(fc.nat(10), fc.nat(70_000))
const hex = fc
  .constantFrom(20, 32, 48, 64, 3)
  .chain(length => fc.uint8Array({ minLength: length, maxLength: length }))
  .map(bytes => Buffer.from(bytes).toString('hex'))
const host = fc.oneof(fc.domain(), fc.constantFrom('.', 'a.example.com.', '_a._b.example.net', 'BÜCHER.example'))
const quotedText = fc.string({ unit: 'binary' }).map(text => JSON.stringify(text))
const param = fc.constantFrom(
  'alpn=h2,h3',
  'alpn="h2"',
  'no-default-alpn',
  'port=443',
  'ipv4hint=192.0.2.1',
  'ipv6hint=2001:DB8:0::1,::',
  'mandatory=port,alpn',
  'key7="/dns{?dns}"',
  'key65000=x\\ y',
  'key9="\\000 \\" ; ,"',
  'ohttp',
)
const word = fc.oneof(number.map(String), hex, host, quotedText, param, fc.ipV4(), fc.ipV6(), fc.webUrl())
const angle = fc.tuple(
  fc.nat(90),
  fc.nat(59),
  fc.nat(59_999).map(part => (part / 1000).toFixed(3)),
)
const metres = fc.nat(9_000_000_000).map(cm => `${(cm / 100).toFixed(2)}m`)

/** Contents near to what types take, so that many are good, and quite other ones. */
const content: fc.Arbitrary<RecordInput['content']> = fc.oneof(
  word,
  fc.array(word, { maxLength: 6 }).map(words => words.join(' ')),
  fc.array(fc.oneof(word, number), { maxLength: 6 }),
  fc.tuple(number, number, host).map(words => words.join(' ')),
  fc.tuple(fc.constantFrom(0, 1, 16), host, fc.array(param, { maxLength: 5 })).map(words => words.flat().join(' ')),
  fc.tuple(fc.nat(5), fc.nat(3), hex).map(words => words.join(' ')),
  fc.tuple(number, fc.constantFrom(8, 13, 15), fc.constantFrom(1, 2, 4), hex).map(words => words.join(' ')),
  fc.tuple(fc.constantFrom(0, 128), fc.constantFrom('issue', 'iodef', 'x'), quotedText).map(words => words.join(' ')),
  fc
    .tuple(number, number, fc.constantFrom('"S"', 'a', '""'), fc.constantFrom('""', 'SIP+D2U'), fc.constant('""'), host)
    .map(words => words.join(' ')),
  fc
    .tuple(angle, fc.constantFrom('N', 'S'), angle, fc.constantFrom('E', 'W'), fc.array(metres, { maxLength: 4 }))
    .map(words => words.flat(2).join(' ')),
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: fc.constantFrom('"', '\\', ' ', 'a', '1', '.', ';', '=', '\n', 'ä', '\ud800') }),
)
/** An example of the type with a stretch of it replaced. */
function nearExample(type: CustomerType): fc.Arbitrary<string> {
  const { example } = typeDescriptions[type]
  return fc
    .tuple(fc.nat(example.length), fc.nat(3), fc.oneof(fc.constant(''), fc.string({ maxLength: 3 }), word))
    .map(([at, length, put]) => example.slice(0, at) + put + example.slice(at + length))
}

const owners: Partial<Record<CustomerType, string>> = { SRV: '_sip._tcp', TLSA: '_443._tcp' }
const name = (type: CustomerType) =>
  fc.oneof(
    { weight: 4, arbitrary: fc.constant(owners[type] ?? '') },
    { weight: 1, arbitrary: fc.constantFrom('@', '*', '_sip._tcp', '_443._tcp', 'a.b') },
    { weight: 1, arbitrary: fc.string({ unit: 'binary' }) },
  )
const priority = fc.option(fc.oneof(fc.nat(65535), fc.double()), { nil: undefined })
/** Records as clients send them, of every type: many that are taken, and many that are not. */
export const recordInputs: fc.Arbitrary<Omit<RecordInput, 'zone'>> = fc
  .constantFrom(...recordTypes, ...pseudoTypes)
  .chain(type =>
    fc.record({ type: fc.constant(type), name: name(type), content: fc.oneof(content, nearExample(type)), priority }),
  )
