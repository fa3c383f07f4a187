import type { CustomerType } from './types.ts'

/** A record type for people. */
export interface TypeDescription {
  /** What records of the type are for and what their content is, for spec/record-types.md. */
  readonly summary: string
  /** A content that is taken, canonical. MX and SRV have their priority beside it. */
  readonly example: string
}

/** Every type that a customer may write, described; a test holds each example to the rules. */
export const typeDescriptions: Readonly<Record<CustomerType, TypeDescription>> = {
  A: { summary: 'The IPv4 address of the name: four decimal numbers without leading zeros.', example: '192.0.2.1' },
  AAAA: { summary: 'The IPv6 address of the name, in any notation but without a zone id.', example: '2001:db8::1' },
  CNAME: {
    summary: 'The name is an alias of another. It stands alone at its name, and never at the name of the zone itself.',
    example: 'www.example.net',
  },
  MX: {
    summary:
      'The host that takes mail for the name; hosts of lower priority are tried first. The content "." with priority 0 says that no mail is taken, and stands alone.',
    example: 'mail.example.net',
  },
  NS: {
    summary:
      'A name server of the zone or, below the name of the zone, of the delegated zone; then only DS records and addresses of name servers may stand beside or below it.',
    example: 'ns1.example.net',
  },
  TXT: {
    summary:
      'Text of any length, bare or as quoted strings of a zone file, which are joined. A name has one SPF policy (v=spf1) at most.',
    example: 'v=spf1 include:_spf.example.net -all',
  },
  SRV: {
    summary:
      'Where a service runs: weight, port and target, as a list or as text; the priority is its own field. The name begins with _service._protocol. The target "." says that the service is not offered.',
    example: '5 5060 sip.example.net',
  },
  CAA: {
    summary:
      'Which certificate authorities may issue for the name: flags (0, or 128 for critical), tag (issue, issuewild, issuemail, issuevmc, iodef, contactemail, contactphone) and value.',
    example: '0 issue "ca.example.net"',
  },
  PTR: { summary: 'The host that an address belongs to, in a reverse zone.', example: 'host.example.net' },
  TLSA: {
    summary:
      'The certificate or key that a TLS server shows: usage 0-3, selector 0-1, matching type 0-2, hex digits. The name begins with _port._protocol.',
    example: '3 1 1 0c72ac70b745ac19998811b131d662c9ac69dbdbe7cb23e5b514b56664c5d3d6',
  },
  SSHFP: {
    summary:
      'The fingerprint of an SSH host key: algorithm 1, 2, 3, 4 or 6, type 1 (SHA-1) or 2 (SHA-256), hex digits.',
    example: '4 2 123456789abcdef67890123456789abcdef67890123456789abcdef123456789',
  },
  NAPTR: {
    summary:
      'How to rewrite the name: order, preference, "flags", "service", then either a "regexp" or a replacement name. Backslashes in quotes are written twice.',
    example: '100 10 "U" "E2U+sip" "!^.*$!sip:info@example.net!" .',
  },
  SVCB: {
    summary:
      'How to connect to a service: priority, target, parameters. Priority 0 makes the name an alias, without parameters; the target "." is the name itself.',
    example: '1 svc.example.net alpn="h2" port=8443',
  },
  HTTPS: {
    summary: 'As SVCB, for web sites: browsers read the protocols, port and address hints before they connect.',
    example: '1 . alpn="h2,h3"',
  },
  DS: {
    summary:
      'The key of a signed delegated zone: key tag, algorithm, digest type 1, 2 or 4, hex digits. It stands beside the NS records of the delegation.',
    example: '60485 13 2 d4b7d520e7bb5f0f67674a0cceb1e3e0614b93c4f9e99b8383f6a1e4469da50a',
  },
  LOC: {
    summary: 'A place on earth: latitude, longitude, altitude, then size and precisions if wanted.',
    example: '51 30 12.748 N 0 7 39.611 W 0.00m 1m 10000m 10m',
  },
  URL: {
    summary: 'Visitors of the name are sent on to this web address. The name has no address of its own then.',
    example: 'https://www.example.net/welcome',
  },
  FRAME: {
    summary: 'Visitors of the name see this web address inside a frame. The name has no address of its own then.',
    example: 'https://www.example.net/welcome',
  },
  MXE: {
    summary: 'Mail for the name goes to this IPv4 address; the MX and its host are made for it.',
    example: '192.0.2.25',
  },
}
