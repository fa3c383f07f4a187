import type { Zone, ZoneRecord } from '../driver.ts'
import type { RecordType } from '../records/types.ts'
import { encodeData } from '../records/wire.ts'
import type { AnsweredRecord } from './message.ts'

/** A zone with the usual SOA and one server, and what is given. */
export function sampleZone(name: string, serial: number, records: readonly ZoneRecord[]): Zone {
  return {
    name,
    serial,
    primary: 'ns1.example.net',
    mailbox: 'hostmaster.example.net',
    soaTtlSeconds: 3600,
    refreshSeconds: 7200,
    retrySeconds: 900,
    expireSeconds: 1_209_600,
    minimumSeconds: 300,
    records: [record(name, 'NS', 'ns1.example.net.', 3600), ...records],
  }
}

/** A record as a driver is given it; the TTL in seconds. */
export function record(name: string, type: RecordType, data: string, ttlSeconds = 300): ZoneRecord {
  return { name, type, ttlSeconds, data }
}

/** The record as a server has to answer it. */
export function answered({ name, type, ttlSeconds, data }: ZoneRecord): AnsweredRecord {
  return { name, type, ttlSeconds, dataHex: encodeData(type, data).toString('hex') }
}

/** In an order of their own, as records of a response have none. */
export function sorted(records: readonly AnsweredRecord[]): string[] {
  return records.map(({ name, type, ttlSeconds, dataHex }) => `${name} ${ttlSeconds} ${type} ${dataHex}`).sort()
}

/** Data that each type can hold, in presentation form, the odd ones too. */
export const sampleData: Readonly<Record<RecordType, readonly string[]>> = {
  A: ['192.0.2.1', '198.51.100.255', '203.0.113.0'],
  AAAA: ['2001:db8::1', '::', '::ffff:192.0.2.1', '2001:db8:0:1:1:1:1:1'],
  CNAME: ['www.example.net.'],
  MX: ['10 mail.example.net.', '65535 mail.example.org.'],
  NS: ['ns1.example.net.', 'ns2.example.net.'],
  TXT: [
    '"v=spf1 include:_spf.example.net -all"',
    '"say \\"yes\\" or C:\\\\"',
    '"\\195\\169\\000\\127\\255"',
    '"one" "two" ""',
    `"${'x'.repeat(255)}" "${'y'.repeat(255)}"`,
    '"semi;colon (paren) $dollar @at"',
    '""',
  ],
  SRV: ['10 5 5060 sip.example.net.', '0 0 0 .'],
  CAA: [
    '0 issue "ca.example.net"',
    '128 issue ";"',
    '0 issue "ca.example.net; account=12"',
    '0 iodef "mailto:x@example.net"',
  ],
  PTR: ['host.example.net.'],
  TLSA: ['3 1 1 0c72ac70b745ac19998811b131d662c9ac69dbdbe7cb23e5b514b56664c5d3d6', `0 0 0 ${'ab'.repeat(600)}`],
  SSHFP: ['4 2 123456789abcdef67890123456789abcdef67890123456789abcdef123456789', `1 1 ${'0f'.repeat(20)}`],
  NAPTR: [
    '100 10 "U" "E2U+sip" "!^.*$!sip:info@example.net!" .',
    '100 20 "S" "SIP+D2U" "" _sip._udp.example.net.',
    '100 30 "U" "E2U+sip" "!^(.*)$!sip:\\\\1@example.org!" .',
  ],
  SVCB: [
    '1 svc.example.net. alpn="h2" port=8443',
    '2 . mandatory=alpn,port alpn="h2,h3" no-default-alpn port=53 ipv4hint=192.0.2.1,192.0.2.2 ech="AEX+" ipv6hint=2001:db8::1',
    '3 . alpn="dot" key7="/dns-query{?dns}"',
    '4 . key65000="a\\032b\\255"',
  ],
  HTTPS: ['1 . alpn="h2,h3"', '16 web.example.net. port=8443'],
  DS: [`60485 13 2 ${'d4'.repeat(32)}`, `60485 13 4 ${'0a'.repeat(48)}`],
  LOC: [
    '51 30 12.748 N 0 7 39.611 W 0.00m 1m 10000m 10m',
    '0 0 0.000 N 0 0 0.000 E -100000.00m 0m 0.01m 40000m',
    '90 0 0.000 S 180 0 0.000 E 8848.86m 30m 0.5m 200m',
    '0 0 0.001 N 0 0 0.001 E 0.00m 1m 10000m 10m',
  ],
}
