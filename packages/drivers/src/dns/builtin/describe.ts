/** The builtin name server as data, for the admin form, the docs page and the registry of drivers. */
export const builtinDescription = {
  name: 'builtin',
  title: 'Name server in the program',
  options: [
    { name: 'host', type: 'address', default: '0.0.0.0', help: 'Address to bind; :: takes IPv4 and IPv6.' },
    { name: 'port', type: 'port', default: 5353, help: 'For UDP and TCP; name servers of the world use 53.' },
    { name: 'ednsUdpSize', type: 'bytes', default: 1232, help: 'Longest answer over UDP, 512 to 4096.' },
    {
      name: 'allowTransfer',
      type: 'networks',
      default: [],
      help: 'Addresses or CIDR networks that may transfer zones.',
    },
    { name: 'notify', type: 'address-and-port[]', default: [], help: 'Secondaries that are told of changes.' },
    { name: 'tcpConnections', type: 'count', default: 512, help: 'Open TCP connections at most.' },
    {
      name: 'tcpConnectionsPerAddress',
      type: 'count',
      default: 32,
      help: 'Of them, those of one address (IPv6: of one /64) at most; the stillest gives way.',
    },
    {
      name: 'tcpMessageMilliseconds',
      type: 'milliseconds',
      default: 10_000,
      help: 'A TCP query has to be whole so long after its first byte.',
    },
    {
      name: 'tcpIdleMilliseconds',
      type: 'milliseconds',
      default: 10_000,
      help: 'An idle TCP connection lives so long.',
    },
  ],
  capabilities: ['udp', 'tcp', 'edns', 'wildcards', 'delegations', 'axfr', 'ixfr-as-axfr', 'notify'],
  links: [
    'https://www.rfc-editor.org/rfc/rfc1034',
    'https://www.rfc-editor.org/rfc/rfc4592',
    'https://www.rfc-editor.org/rfc/rfc5936',
    'https://www.rfc-editor.org/rfc/rfc6891',
    'https://www.rfc-editor.org/rfc/rfc7766',
  ],
} as const
