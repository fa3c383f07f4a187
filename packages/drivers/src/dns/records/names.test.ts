import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { absoluteName, namesAbove, parseHostname, parseTarget, parseZoneName, relativeName } from './names.ts'

const zone = 'example.com'
const label63 = 'a'.repeat(63)

describe('zone names', () => {
  test.each([
    ['Example.COM.', 'example.com'],
    ['Exämple.com', 'xn--exmple-cua.com'],
    ['例え。テスト', 'xn--r8jz45g.xn--zckzah'],
    ['straße.example', 'xn--strae-oqa.example'],
    ['2.0.192.in-addr.arpa', '2.0.192.in-addr.arpa'],
    ['0/25.2.0.192.in-addr.arpa', '0/25.2.0.192.in-addr.arpa'],
    ['8.b.d.0.1.0.0.2.ip6.arpa', '8.b.d.0.1.0.0.2.ip6.arpa'],
    ['_acme-challenge.www.example.com', '_acme-challenge.www.example.com'],
    [`${label63}.com`, `${label63}.com`],
  ])('%s is the zone %s', (text, name) => {
    expect(parseZoneName(text)).toBe(name)
  })

  test.each([
    ['a top-level domain', 'com'],
    ['nothing', ''],
    ['the root', '.'],
    ['an empty label', 'a..com'],
    ['a label of 64', `a${label63}.com`],
    ['254 characters', `${`${label63}.`.repeat(3)}${'b'.repeat(58)}.com`],
    ['an IPv4 address', '192.0.2.1'],
    ['an address in full-width digits', '１９２.０.２.１'],
    ['a hyphen at the edge', '-a.example.com'],
    ['an underscore in the domain', 'a_b.com'],
    ['a space', 'a b.com'],
    ['an escape', 'a\\046b.com'],
    ['a wildcard', '*.example.com'],
    ['percent encoding', 'ä%2ecom.example'],
    ['a broken A-label', 'xn--ab.example'],
    ['a slash outside reverse zones', '0/25.example.com'],
    ['all reverse zones', 'in-addr.arpa'],
  ])('%s is no zone', (_, text) => {
    expect(parseZoneName(text)).toBeUndefined()
  })
})

describe('owner names inside example.com', () => {
  test.each([
    ['', 'example.com'],
    ['@', 'example.com'],
    ['example.com', 'example.com'],
    ['Example.com.', 'example.com'],
    ['WWW', 'www.example.com'],
    ['www.example.com', 'www.example.com'],
    ['www.example.com.', 'www.example.com'],
    ['www.example.org', 'www.example.org.example.com'],
    ['notexample.com', 'notexample.com.example.com'],
    ['*', '*.example.com'],
    ['*.dev', '*.dev.example.com'],
    ['_sip._tcp', '_sip._tcp.example.com'],
    ['bücher', 'xn--bcher-kva.example.com'],
    ['1', '1.example.com'],
  ])('%s means %s', (sent, name) => {
    expect(absoluteName(zone, sent)).toBe(name)
  })

  test.each([
    'www.example.org.',
    'www.example.org。',
    'a.*',
    '*a',
    'a*.b',
    '**',
    '.',
    'a..b',
    '.www',
    'a b',
    'a\u0000b',
    '-a',
    'a-',
    `a${label63}`,
    `${label63}.`.repeat(3) + label63,
    'a/b',
    '\ud800',
  ])('%s is none', sent => {
    expect(absoluteName(zone, sent)).toBeUndefined()
  })

  test('reverse zones of small networks have owners with a slash (RFC 2317)', () => {
    expect(absoluteName('2.0.192.in-addr.arpa', '1.0/25')).toBe('1.0/25.2.0.192.in-addr.arpa')
  })

  test('any text either is no name, or a name inside the zone that is read again as itself', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.domain(), fc.string({ unit: 'grapheme' })), sent => {
        const name = absoluteName(zone, sent)
        if (name === undefined) return
        expect(name === zone || name.endsWith(`.${zone}`)).toBe(true)
        expect(name.length).toBeLessThanOrEqual(253)
        expect(absoluteName(zone, name)).toBe(name)
        expect(absoluteName(zone, `${name}.`)).toBe(name)
        expect(absoluteName(zone, relativeName(zone, name))).toBe(name)
      }),
      { numRuns: 1000 },
    )
  })
})

test.each([
  ['example.com', 'example.com'],
  ['www.example.com', 'www'],
  ['a.b.example.com', 'a.b'],
  ['*.example.com', '*'],
  ['example.com.example.com', 'example.com.example.com'],
  ['www.example.com.example.com', 'www.example.com.example.com'],
])('%s is shown as %s', (full, shown) => {
  expect(relativeName(zone, full)).toBe(shown)
})

test.each([
  ['Mail.Example.ORG.', 'mail.example.org'],
  ['mail.example.org', 'mail.example.org'],
  ['bücher.example', 'xn--bcher-kva.example'],
  ['1.example', '1.example'],
])('%s is the host %s', (text, name) => {
  expect(parseHostname(text)).toBe(name)
})

test.each(['mail', 'mail.', '.', '', '192.0.2.1', '0x7f.1', '2001:db8::1', '[2001:db8::1]', '_a.example.org', 'a..b'])(
  '%s is no host',
  text => {
    expect(parseHostname(text)).toBeUndefined()
  },
)

test('targets that need not be hosts may carry underscores', () => {
  expect(parseTarget('s1._domainkey.example.net.')).toBe('s1._domainkey.example.net')
  expect(parseTarget('*.example.net')).toBeUndefined()
})

test('the names above one are those between it and the apex', () => {
  expect([...namesAbove(zone, 'a.b.c.example.com')]).toEqual(['b.c.example.com', 'c.example.com'])
  expect([...namesAbove(zone, 'a.example.com')]).toEqual([])
  expect([...namesAbove(zone, zone)]).toEqual([])
})
