import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { hostNameOf, nameUnder } from './host-name.ts'

describe('a host name is taken in lower case and A-labels', () => {
  test.each([
    ['www.Example.ORG', 'www.example.org'],
    ['example.org.', 'example.org'],
    ['  example.org ', 'example.org'],
    ['bücher.example', 'xn--bcher-kva.example'],
    ['a-b.example', 'a-b.example'],
    ['1.example', '1.example'],
  ])('%s', (sent, name) => expect(hostNameOf(sent)).toBe(name))
})

test.each([
  '',
  '.',
  'example',
  '-a.example',
  'a-.example',
  'ab--c.example',
  'a..example',
  'a_b.example',
  '192.0.2.1',
  '[2001:db8::1]',
  '3221225985',
  '0xc0000201',
  'a b.example',
  'a%2eexample.org',
  'user@example.org',
  'example.org/path',
  `${'a'.repeat(64)}.example`,
  `${'a.'.repeat(126)}example`,
])('%j is no host name', sent => expect(hostNameOf(sent)).toBeUndefined())

test('what was read once reads the same again, whatever was sent', () => {
  fc.assert(
    fc.property(fc.oneof(fc.domain(), fc.string({ unit: 'grapheme', maxLength: 80 })), sent => {
      const name = hostNameOf(sent)
      if (name !== undefined) expect([hostNameOf(name), /^[a-z0-9.-]{3,253}$/.test(name)]).toEqual([name, true])
    }),
  )
})

test.each([
  ['.org', 'Example.org', 'example.org'],
  ['.co.uk', 'example.co.uk', 'example.co.uk'],
  ['.org', 'www.example.org', undefined],
  ['.org', 'org', undefined],
  ['.org', 'example.com', undefined],
  ['.org', 'exampleorg', undefined],
  ['.uk', 'example.co.uk', undefined],
])('under %s, %s is the name %s', (tld, sent, name) => expect(nameUnder(tld, sent)).toBe(name))
