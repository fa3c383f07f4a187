import { expect, test } from 'vitest'
import { isPublicSuffix } from './public-suffix.ts'

test.each([
  ['co.uk', true],
  ['foo.ck', true],
  ['example.co.uk', false],
  ['example.com', false],
  ['github.io', false],
  ['example.test', false],
  ['2.0.192.in-addr.arpa', false],
  ['8.b.d.0.1.0.0.2.ip6.arpa', false],
])('%s is a public suffix: %s', (name, is) => {
  expect(isPublicSuffix(name)).toBe(is)
})
