import { expect, test } from 'vitest'
import { addressList, allows, canonicalNetwork } from './address-list.ts'

test.each([
  ['192.0.2.7', '192.0.2.7/32'],
  [' 192.0.2.77/24 ', '192.0.2.0/24'],
  ['0.0.0.0/0', '0.0.0.0/0'],
  ['2001:DB8::1', '2001:db8::1/128'],
  ['2001:db8:7:0:0:0:0:1/48', '2001:db8:7::/48'],
  ['::ffff:192.0.2.7', '192.0.2.7/32'],
  ['::ffff:192.0.2.7/120', '192.0.2.0/24'],
])('%s is the network %s', (text, network) => {
  expect(canonicalNetwork(text)).toBe(network)
})

test.each([
  '',
  '192.0.2',
  '192.0.2.256',
  '0xc0.0.2.1',
  '010.0.0.1',
  '3221225985',
  '192.0.2.0/33',
  '192.0.2.0/-1',
  '192.0.2.0/24/8',
  '192.0.2.0/',
  '2001:db8::/129',
  'fe80::1%eth0',
  '::ffff:192.0.2.7/64',
  'example.com',
  '*',
])('"%s" is no network', text => {
  expect(canonicalNetwork(text)).toBeUndefined()
})

test.each<[readonly string[], string, boolean]>([
  [[], '203.0.113.9', true],
  [['192.0.2.0/24'], '192.0.2.200', true],
  [['192.0.2.0/24'], '::ffff:192.0.2.200', true],
  [['192.0.2.0/24'], '192.0.3.1', false],
  [['192.0.2.0/24', '2001:db8:7::/48'], '2001:db8:7:1::9', true],
  [['2001:db8:7::/48'], '2001:db8:8::9', false],
  [['0.0.0.0/0'], '2001:db8::1', false],
  [['::/0'], '192.0.2.1', false],
  [['damaged'], '192.0.2.1', false],
  [['192.0.2.0/24'], '', false],
])('%j, asked from %s, answers %s', (texts, address, allowed) => {
  expect(allows(addressList(texts), address)).toBe(allowed)
})
