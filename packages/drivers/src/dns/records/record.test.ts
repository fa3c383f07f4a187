import { describe, expect, test } from 'vitest'
import { typeDescriptions } from './descriptions.ts'
import { parseRecord, presentData, type RecordInput } from './record.ts'
import { type CustomerType, pseudoTypes, recordTypes } from './types.ts'

const limits = { minTtlSeconds: 60, maxTtlSeconds: 86400, defaultTtlSeconds: 3600 }
/** Owners of types that need a certain one. */
const owners: Partial<Record<CustomerType, string>> = { SRV: '_sip._tcp', TLSA: '_443._tcp' }

function parse(type: CustomerType, content: RecordInput['content'], priority?: number) {
  return parseRecord({ zone: 'example.com', name: owners[type] ?? 'www', type, content, priority }, limits)
}

const sha1 = 'ab'.repeat(20)
const sha256 = 'ab'.repeat(32)
const sha384 = 'ab'.repeat(48)
const sha512 = 'ab'.repeat(64)

/** type, sent, canonical, data for name servers where it differs */
const good: [CustomerType, RecordInput['content'], string, string?][] = [
  ['A', '192.0.2.1', '192.0.2.1'],
  ['A', ' 192.0.2.1 ', '192.0.2.1'],
  ['A', ['192.0.2.1'], '192.0.2.1'],
  ['AAAA', '2001:DB8::1', '2001:db8::1'],
  ['AAAA', '2001:0db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
  ['AAAA', '2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
  ['AAAA', '::FFFF:192.0.2.1', '::ffff:192.0.2.1'],
  ['CNAME', 'www.example.org.', 'www.example.org', 'www.example.org.'],
  ['CNAME', 's1._domainkey.Example.NET', 's1._domainkey.example.net', 's1._domainkey.example.net.'],
  ['NS', 'ns1.example.net', 'ns1.example.net', 'ns1.example.net.'],
  ['PTR', 'host.example.net.', 'host.example.net', 'host.example.net.'],
  ['TXT', 'v=spf1 -all', 'v=spf1 -all', '"v=spf1 -all"'],
  ['TXT', '"v=spf1 -all"', 'v=spf1 -all', '"v=spf1 -all"'],
  ['TXT', '"v=spf1 " "-all"', 'v=spf1 -all', '"v=spf1 -all"'],
  ['TXT', ['v=spf1 -all'], 'v=spf1 -all', '"v=spf1 -all"'],
  ['TXT', ['"one "', 'two'], 'one two', '"one two"'],
  ['TXT', 'say "hi" \\o/', 'say "hi" \\o/', '"say \\"hi\\" \\\\o/"'],
  ['TXT', '"\\"quoted\\""', '"\\"quoted\\""'],
  ['TXT', 'grüße', 'grüße', '"gr\\195\\188\\195\\159e"'],
  ['TXT', '"gr\\195\\188\\195\\159e"', 'grüße', '"gr\\195\\188\\195\\159e"'],
  ['TXT', '"\\255"', '"\\255"'],
  ['TXT', '" edge "', '" edge "'],
  ['TXT', '""', '""'],
  ['TXT', 'x'.repeat(300), 'x'.repeat(300), `"${'x'.repeat(255)}" "${'x'.repeat(45)}"`],
  ['TXT', 'a;b', 'a;b', '"a;b"'],
  ['CAA', '0 issue "ca.example.net"', '0 issue "ca.example.net"'],
  ['CAA', '0 ISSUE CA.example.net.', '0 issue "ca.example.net"'],
  ['CAA', [0, 'issuewild', ';'], '0 issuewild ";"'],
  [
    'CAA',
    '0 issue "ca.example.net;validationmethods=dns-01 ; accounturi=https://a.example/1"',
    '0 issue "ca.example.net; validationmethods=dns-01; accounturi=https://a.example/1"',
  ],
  ['CAA', '128 iodef "mailto:security@example.com"', '128 iodef "mailto:security@example.com"'],
  ['CAA', '0 iodef "https://report.example.com/caa"', '0 iodef "https://report.example.com/caa"'],
  ['CAA', '0 contactemail "dns@example.com"', '0 contactemail "dns@example.com"'],
  ['CAA', '0 contactphone "+1 202 555 0100"', '0 contactphone "+1 202 555 0100"'],
  ['CAA', '0 future "anything \\"at\\" all"', '0 future "anything \\"at\\" all"'],
  ['TLSA', `3 1 1 ${sha256.toUpperCase()}`, `3 1 1 ${sha256}`],
  ['TLSA', `3 1 2 ${sha512.slice(0, 60)} ${sha512.slice(60)}`, `3 1 2 ${sha512}`],
  ['TLSA', ['0', '0', '0', 'ABCD'], '0 0 0 abcd'],
  ['SSHFP', `4 2 ${sha256}`, `4 2 ${sha256}`],
  ['SSHFP', `01 1 ${sha1}`, `1 1 ${sha1}`],
  [
    'NAPTR',
    '100 10 "u" "E2U+sip" "!^.*$!sip:info@example.org!" .',
    '100 10 "U" "E2U+sip" "!^.*$!sip:info@example.org!" .',
  ],
  [
    'NAPTR',
    '100 10 U E2U+sip "!^(.*)$!sip:\\\\1@example.org!i" .',
    '100 10 "U" "E2U+sip" "!^(.*)$!sip:\\\\1@example.org!i" .',
  ],
  [
    'NAPTR',
    '1 2 "" "" "" _sip._udp.Example.com.',
    '1 2 "" "" "" _sip._udp.example.com',
    '1 2 "" "" "" _sip._udp.example.com.',
  ],
  ['SVCB', '0 svc.example.net.', '0 svc.example.net', '0 svc.example.net.'],
  ['HTTPS', '1 . alpn="h2,h3"', '1 . alpn="h2,h3"'],
  ['HTTPS', '1 . ALPN=h2', '1 . alpn="h2"'],
  ['HTTPS', ['1', '.', 'alpn=h2'], '1 . alpn="h2"'],
  [
    'HTTPS',
    '1 . key65000="a b" ipv6hint=2001:DB8::1,2001:db8::2 ipv4hint=192.0.2.1 port=443 no-default-alpn alpn=h2 mandatory=port,alpn ech=AAAA',
    '1 . mandatory=alpn,port alpn="h2" no-default-alpn port=443 ipv4hint=192.0.2.1 ech="AAAA" ipv6hint=2001:db8::1,2001:db8::2 key65000="a\\032b"',
  ],
  ['SVCB', '1 . dohpath="/dns-query{?dns}"', '1 . dohpath="/dns-query{?dns}"', '1 . key7="/dns-query{?dns}"'],
  ['SVCB', '1 . key7="/q{?dns}" key8', '1 . dohpath="/q{?dns}" ohttp', '1 . key7="/q{?dns}" key8'],
  [
    'SVCB',
    '1 . mandatory=key7,alpn alpn=dot dohpath="/q{?dns}"',
    '1 . mandatory=alpn,dohpath alpn="dot" dohpath="/q{?dns}"',
    '1 . mandatory=alpn,key7 alpn="dot" key7="/q{?dns}"',
  ],
  ['DS', `60485 13 2 ${sha256}`, `60485 13 2 ${sha256}`],
  ['DS', `1 5 1 ${sha1}`, `1 5 1 ${sha1}`],
  ['DS', `1 14 4 ${sha384}`, `1 14 4 ${sha384}`],
  ['LOC', '51 30 12.748 N 0 7 39.611 W 0.00m', '51 30 12.748 N 0 7 39.611 W 0.00m 1m 10000m 10m'],
  ['LOC', '52 n 5 e -24m 1.55m 0 90000000.00m', '52 0 0.000 N 5 0 0.000 E -24.00m 1m 0m 90000000m'],
  ['LOC', '90 0 0 S 180 W 42849672.95 0.01m', '90 0 0.000 S 180 0 0.000 W 42849672.95m 0.01m 10000m 10m'],
  ['URL', 'http://Example.org', 'http://example.org/'],
  ['URL', 'https://example.com/a?b=c#d', 'https://example.com/a?b=c#d'],
  ['FRAME', 'https://bücher.example/', 'https://xn--bcher-kva.example/'],
  ['MXE', '192.0.2.25', '192.0.2.25'],
]

test.each(good)('%s %j is kept as %s', (type, sent, canonical, data) => {
  const parsed = parse(type, sent)
  if (!parsed.ok) expect.fail(parsed.findings[0]?.detail)
  expect(parsed.record.content).toBe(canonical)
  expect(presentData(parsed.record)).toBe(data ?? canonical)
})

/** type, sent, the problem, the field where it is not the content */
const bad: [CustomerType, RecordInput['content'], string, string?][] = [
  ...['192.0.2.01', '256.1.1.1', '192.0.2', '1.2.3.4.5', '0x7f.0.0.1', '::1', '192.0.2.1 192.0.2.2', '"192.0.2.1"'].map(
    (sent): [CustomerType, string, string] => ['A', sent, 'ipv4'],
  ),
  ['A', ['192.0.2.1', '192.0.2.2'], 'ipv4'],
  ...['fe80::1%eth0', '192.0.2.1', '2001:db8::g', '1::2::3', '[2001:db8::1]'].map(
    (sent): [CustomerType, string, string] => ['AAAA', sent, 'ipv6'],
  ),
  ['CNAME', 'a.example.org b.example.org', 'hostname'],
  ['CNAME', 'www', 'hostname'],
  ['CNAME', '192.0.2.1', 'hostname'],
  ['CNAME', '.', 'hostname'],
  ['CNAME', 'www.example.com', 'content'],
  ['NS', '192.0.2.1', 'ns_target'],
  ['NS', 'ns_1.example.net', 'ns_target'],
  ['PTR', '192.0.2.1', 'hostname'],
  ['TXT', 'line\nbreak', 'content'],
  ['TXT', 'nul\u0000', 'content'],
  ['TXT', '"open', 'content'],
  ['TXT', '"a" b', 'content'],
  ['TXT', '"\\256"', 'content'],
  ['TXT', '\ud800', 'content'],
  ['TXT', 'x'.repeat(64_001), 'content'],
  ['CAA', '128 unknown "x"', 'content'],
  ['CAA', '1 issue "ca.example.net"', 'content'],
  ['CAA', '0 issue', 'content'],
  ['CAA', '0 issue ""', 'content'],
  ['CAA', '0 issue "ca.example.net; bad"', 'content'],
  ['CAA', '0 issue "ca.example.net other.example.net"', 'content'],
  ['CAA', '0 issue "http://ca.example.net"', 'content'],
  ['CAA', '0 is-sue "ca.example.net"', 'content'],
  ['CAA', '0 iodef "security@example.com"', 'content'],
  ['CAA', '0 iodef "ftp://example.com"', 'content'],
  ['CAA', '0 contactemail "nobody"', 'content'],
  ['TLSA', `4 1 1 ${sha256}`, 'content'],
  ['TLSA', `3 2 1 ${sha256}`, 'content'],
  ['TLSA', `3 1 3 ${sha256}`, 'content'],
  ['TLSA', `3 1 1 ${sha1}`, 'content'],
  ['TLSA', '3 1 0 abc', 'content'],
  ['TLSA', '3 1 0', 'content'],
  ['SSHFP', `5 2 ${sha256}`, 'content'],
  ['SSHFP', `4 1 ${sha256}`, 'content'],
  ['SSHFP', `4 2 ${'xy'.repeat(32)}`, 'content'],
  ['NAPTR', '100 10 "U" "E2U+sip" "!^.*$!sip:info@example.org!" sip.example.org', 'content'],
  ['NAPTR', '100 10 "S" "SIP+D2U" "" .', 'content'],
  ['NAPTR', '100 10 "X" "" "" sip.example.org', 'content'],
  ['NAPTR', '100 10 "SU" "" "" sip.example.org', 'content'],
  ['NAPTR', '70000 10 "S" "" "" sip.example.org', 'content'],
  ['NAPTR', '100 10 "U" "E2U+sip" "!^.*$!sip" .', 'content'],
  ['NAPTR', '100 10 "U" "E2U+sip" "!^(.*)$!\\1!" .', 'content'],
  ['SVCB', '0 svc.example.net alpn=h2', 'content'],
  ['SVCB', '1 192.0.2.1', 'content'],
  ['SVCB', '70000 .', 'content'],
  ['HTTPS', '1', 'content'],
  ['HTTPS', '1 . alpn', 'content'],
  ['HTTPS', '1 . alpn=h2 alpn=h3', 'content'],
  ['HTTPS', '1 . no-default-alpn', 'content'],
  ['HTTPS', '1 . mandatory=port alpn=h2', 'content'],
  ['HTTPS', '1 . mandatory=mandatory', 'content'],
  ['HTTPS', '1 . port=65536', 'content'],
  ['HTTPS', '1 . ipv4hint=192.0.2.01', 'content'],
  ['HTTPS', '1 . ipv6hint=192.0.2.1', 'content'],
  ['HTTPS', '1 . ech=!', 'content'],
  ['HTTPS', '1 . unknown=1', 'content'],
  ['HTTPS', '1 . key65535=1', 'content'],
  ['HTTPS', '1 . key03=1', 'content'],
  ['HTTPS', '1 . alpn="h2', 'content'],
  ['HTTPS', '1 . alpn=h2,"h3"', 'content'],
  ['DS', `70000 13 2 ${sha256}`, 'content'],
  ['DS', `1 4 2 ${sha256}`, 'content'],
  ['DS', `1 13 3 ${sha256}`, 'content'],
  ['DS', `1 13 1 ${sha256}`, 'content'],
  ['LOC', '51 30 12.748 0 7 39.611 W 0.00m', 'content'],
  ['LOC', '91 N 0 E 0m', 'content'],
  ['LOC', '90 0 0.001 N 0 E 0m', 'content'],
  ['LOC', '51 60 N 0 E 0m', 'content'],
  ['LOC', '51 30 60 N 0 E 0m', 'content'],
  ['LOC', '51 N 0 E', 'content'],
  ['LOC', '51 N 0 E -100000.01m', 'content'],
  ['LOC', '51 N 0 E 0m 1m 1m 1m 1m', 'content'],
  ['LOC', '51 N 0 E 0m 90000000.01m', 'content'],
  ...[
    'example.org',
    '/welcome',
    'ftp://example.org/',
    'javascript:alert(1)',
    'http:example.org',
    'https://user:secret@example.org/',
    'https://user@example.org/',
    'https://www.example.com/welcome',
    'https://WWW.example.com./',
    'https://a b.example.org/',
    'https://example.org/a\tb',
    `https://example.org/${'a'.repeat(2048)}`,
  ].map((sent): [CustomerType, string, string] => ['URL', sent, 'content']),
  ['FRAME', 'gopher://example.org/', 'content'],
  ['MXE', '2001:db8::1', 'ipv4'],
  ['MXE', 'mail.example.org', 'ipv4'],
]

test.each(bad)('%s %j is refused: %s', (type, sent, problem, field = 'content') => {
  expect(parse(type, sent)).toMatchObject({ ok: false, findings: [{ problem, field }] })
})

test.each([...recordTypes, ...pseudoTypes])('empty content is refused for %s', type => {
  for (const content of ['', '  ', []]) {
    expect(parse(type, content)).toMatchObject({ ok: false, findings: [{ problem: 'content', field: 'content' }] })
  }
})

describe('MX and SRV', () => {
  test.each<[CustomerType, RecordInput['content'], number | undefined, string]>([
    ['MX', 'mail.example.org', 10, '10 mail.example.org.'],
    ['MX', '10 mail.example.org.', undefined, '10 mail.example.org.'],
    ['MX', '10 mail.example.org.', 10, '10 mail.example.org.'],
    ['MX', 'mail.example.org', -0, '0 mail.example.org.'],
    ['MX', '.', undefined, '0 .'],
    ['MX', '0 .', undefined, '0 .'],
    ['SRV', [5, 5060, 'sip.example.org'], 10, '10 5 5060 sip.example.org.'],
    ['SRV', ['5', '5060', 'sip.example.org.'], 10, '10 5 5060 sip.example.org.'],
    ['SRV', '5 5060 sip.example.org', 10, '10 5 5060 sip.example.org.'],
    ['SRV', '10 5 5060 sip.example.org', undefined, '10 5 5060 sip.example.org.'],
    ['SRV', '0 0 .', 0, '0 0 0 .'],
  ])('%s %j with priority %s is published as %s', (type, content, priority, data) => {
    const parsed = parse(type, content, priority)
    if (!parsed.ok) expect.fail(parsed.findings[0]?.detail)
    expect(presentData(parsed.record)).toBe(data)
  })

  test.each<[CustomerType, RecordInput['content'], number | undefined, string, string]>([
    ['MX', 'mail.example.org', undefined, 'mx_priority', 'priority'],
    ['MX', 'mail.example.org', -1, 'mx_priority', 'priority'],
    ['MX', 'mail.example.org', 65536, 'mx_priority', 'priority'],
    ['MX', 'mail.example.org', 1.5, 'mx_priority', 'priority'],
    ['MX', '10 mail.example.org', 20, 'mx_priority', 'priority'],
    ['MX', '10 .', undefined, 'mx_priority', 'priority'],
    ['MX', '192.0.2.1', 10, 'hostname', 'content'],
    ['MX', 'mail', 10, 'hostname', 'content'],
    ['SRV', '5 5060 sip.example.org', undefined, 'priority', 'priority'],
    ['SRV', '5 5060 sip.example.org', Number.NaN, 'priority', 'priority'],
    ['SRV', '10 5 5060 sip.example.org', 20, 'priority', 'priority'],
    ['SRV', '65536 5060 sip.example.org', 1, 'srv_weight', 'content'],
    ['SRV', '5 -1 sip.example.org', 1, 'srv_port', 'content'],
    ['SRV', '5 5060 192.0.2.1', 1, 'srv_target', 'content'],
    ['SRV', 'sip.example.org', 1, 'content', 'content'],
    ['SRV', [1, 5, 5060, 'sip.example.org'], 1, 'content', 'content'],
  ])('%s %j with priority %s is refused: %s', (type, content, priority, problem, field) => {
    expect(parse(type, content, priority)).toMatchObject({ ok: false, findings: [{ problem, field }] })
  })
})

test.each<[CustomerType, string, string, string]>([
  ['SRV', 'sip', '5 5060 sip.example.org', 'srv_name'],
  ['SRV', '_sip', '5 5060 sip.example.org', 'srv_name'],
  ['TLSA', 'www', `3 1 1 ${sha256}`, 'name'],
  ['TLSA', '_66000._tcp', `3 1 1 ${sha256}`, 'name'],
  ['A', 'www.example.org.', '192.0.2.1', 'name'],
])('%s at %s is refused: %s', (type, name, content, problem) => {
  expect(parseRecord({ zone: 'example.com', name, type, content, priority: 1 }, limits)).toMatchObject({
    ok: false,
    findings: [{ problem, field: 'name' }],
  })
})

test('a TLSA record may be for all ports of a protocol', () => {
  expect(
    parseRecord({ zone: 'example.com', name: '*._tcp', type: 'TLSA', content: `3 1 1 ${sha256}` }, limits),
  ).toMatchObject({ ok: true })
})

test.each([59, 86401, 3600.5, -1, Number.NaN, Number.POSITIVE_INFINITY])('a TTL of %s is refused', ttlSeconds => {
  const input = { zone: 'example.com', name: '', type: 'A', content: '192.0.2.1', ttlSeconds }
  expect(parseRecord(input, limits)).toMatchObject({ ok: false, findings: [{ problem: 'ttl', field: 'ttl' }] })
})

test('without a TTL the default is taken, and a priority where there is none is 0', () => {
  expect(
    parseRecord({ zone: 'example.com', name: '@', type: 'a', content: '192.0.2.1', priority: 10 }, limits),
  ).toEqual({
    ok: true,
    record: { name: 'example.com', type: 'A', ttlSeconds: 3600, priority: 0, content: '192.0.2.1' },
  })
})

test('everything that is wrong with a record is said at once', () => {
  const input = { zone: 'example.com', name: 'a..b', type: 'A', content: 'x', ttlSeconds: 1 }
  expect(parseRecord(input, limits)).toMatchObject({
    ok: false,
    findings: [{ problem: 'name' }, { problem: 'ttl' }, { problem: 'ipv4' }],
  })
})

test.each(['', 'SPF', 'ANY', 'SOA', '__proto__', 'toString'])('the type %s is not served', type => {
  const input = { zone: 'example.com', name: '', type, content: 'x' }
  expect(parseRecord(input, limits)).toMatchObject({ ok: false, findings: [{ problem: 'type', field: 'type' }] })
})

test.each(Object.entries(typeDescriptions))('the documented example of %s is canonical', (name, { example }) => {
  const type = [...recordTypes, ...pseudoTypes].find(known => known === name)
  const parsed = parse(type ?? 'A', example, 10)
  expect(parsed).toMatchObject({ ok: true, record: { type: name, content: example } })
})
