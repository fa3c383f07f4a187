import { expect, test } from 'vitest'
import { DriverError } from '../../kit/driver-error.ts'
import { recordTypes } from './types.ts'
import { encodeData, encodeSoa } from './wire.ts'

const digest = '0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef'

/** The wire forms are what BIND's named-rrchecker -u says. */
const cases = [
  ['A', '192.0.2.1', 'C0000201'],
  ['AAAA', '2001:db8::ff00:42:8329', '20010DB8000000000000FF0000428329'],
  ['CNAME', 'www.example.org.', '03777777076578616D706C65036F726700'],
  ['NS', 'ns1.example.org.', '036E7331076578616D706C65036F726700'],
  ['PTR', 'host.example.org.', '04686F7374076578616D706C65036F726700'],
  ['MX', '0 .', '000000'],
  ['SRV', '10 5 5060 sip.example.org.', '000A000513C403736970076578616D706C65036F726700'],
  ['TXT', '"v=spf1 -all" "\\195\\164\\000\\"\\\\"', '0B763D73706631202D616C6C05C3A400225C'],
  ['CAA', '128 issue "ca.example.net; policy=ev"', '8005697373756563612E6578616D706C652E6E65743B20706F6C6963793D6576'],
  ['CAA', '0 issue ";"', '000569737375653B'],
  [
    'NAPTR',
    '100 10 "U" "E2U+sip" "!^.*$!sip:info@example.org!" .',
    '0064000A0155074532552B7369701B215E2E2A24217369703A696E666F406578616D706C652E6F72672100',
  ],
  ['TLSA', `3 1 1 ${digest}`, `030101${digest}`],
  ['SSHFP', `4 2 ${digest}`, `0402${digest}`],
  ['SSHFP', '1 1 dd465c09cfa51fb45020cc83316fff21b9ec74ac', '0101DD465C09CFA51FB45020CC83316FFF21B9EC74AC'],
  ['DS', '60485 5 1 2BB183AF5F22588179A53B0A98631FAD1A292118', 'EC4505012BB183AF5F22588179A53B0A98631FAD1A292118'],
  ['SVCB', '0 svc.example.net.', '000003737663076578616D706C65036E657400'],
  [
    'SVCB',
    '16 foo.example.org. mandatory=ipv4hint,alpn alpn="f\\\\\\\\oo\\\\,bar,h2" ipv4hint=192.0.2.1',
    '001003666F6F076578616D706C65036F72670000000004000100040001000C08665C6F6F2C62617202683200040004C0000201',
  ],
  [
    'SVCB',
    '1 foo.example.com. key667="hello\\210qoo"',
    '000103666F6F076578616D706C6503636F6D00029B000968656C6C6FD2716F6F',
  ],
  ['HTTPS', '1 . alpn=h2 no-default-alpn', '0001000001000302683200020000'],
  ['HTTPS', '1 . dohpath=/dns-query{?dns}', '000100000700102F646E732D71756572797B3F646E737D'],
  [
    'HTTPS',
    '1 . alpn=h2,h3 port=8443 ipv4hint=192.0.2.1,192.0.2.2 ech=AEn+DQBF ipv6hint=2001:db8::1 mandatory=alpn,port key65280=hello',
    '0001000000000400010003000100060268320268330003000220FB00040008C0000201C0000202000500060049FE0D00450006001020010DB8000000000000000000000001FF00000568656C6C6F',
  ],
  ['LOC', '52 22 23.000 N 4 53 32.000 E -2.00m 0.00m 10000m 10m', '000016138B3CF018810CBCE0009895B8'],
  ['LOC', '42 21 54 N 71 06 18 W -24m 30m', '0033161389172DD070BE15F000988D20'],
] as const

test.each(cases)('%s %s has the wire form that BIND gives it', (type, data, wire) => {
  expect(encodeData(type, data).toString('hex')).toBe(wire.toLowerCase())
})

test('each type is among the cases', () => {
  expect(new Set(cases.map(([type]) => type))).toEqual(new Set(recordTypes))
})

test.each([
  ['A', '192.0.2'],
  ['A', '2001:db8::1'],
  ['AAAA', 'fe80::1%eth0::'],
  ['CNAME', `${'x'.repeat(64)}.example.org.`],
  ['CNAME', `${'x.'.repeat(128)}`],
  ['NS', 'a..example.org.'],
  ['MX', '65536 mail.example.org.'],
  ['MX', 'mail.example.org.'],
  ['SRV', '1 2 3'],
  ['TXT', ''],
  ['TXT', `"${'x'.repeat(256)}"`],
  ['TXT', '"open'],
  ['CAA', '256 issue "x"'],
  ['CAA', '0 issue'],
  ['NAPTR', '1 2 "U" "" "" . more'],
  ['TLSA', '3 1 1 abc'],
  ['SSHFP', '1 1 abcd'],
  ['DS', '1 8 2'],
  ['SVCB', '0 svc.example.net. port=1'],
  ['SVCB', '1 . port=1 port=2'],
  ['SVCB', '1 . port=65536'],
  ['SVCB', '1 . unknown=1'],
  ['SVCB', '1 . mandatory=alpn'],
  ['SVCB', '1 . alpn="h2,,h3"'],
  ['SVCB', '1 . no-default-alpn=1'],
  ['LOC', '91 N 0 E 0m'],
  ['LOC', '1 60 N 0 E 0m'],
] as const)('%s %s is refused', (type, data) => {
  expect(() => encodeData(type, data)).toThrow(DriverError)
})

test('a SOA keeps an escaped dot of its mailbox inside the label', () => {
  const soa = encodeSoa({
    primary: 'ns1.example.test',
    mailbox: 'first\\.last.example.test',
    serial: 4_294_967_295,
    refreshSeconds: 1,
    retrySeconds: 2,
    expireSeconds: 3,
    minimumSeconds: 4,
  })
  const names = '\x03ns1\x07example\x04test\0\x0afirst.last\x07example\x04test\0'
  expect(soa.toString('latin1')).toBe(`${names}\xff\xff\xff\xff\0\0\0\x01\0\0\0\x02\0\0\0\x03\0\0\0\x04`)
})
