/** PowerDNS as data, for the admin form, the docs page and the registry of drivers. */
export const powerDnsDescription = {
  name: 'powerdns',
  title: 'PowerDNS Authoritative Server 4.7 or later, by its HTTP API',
  options: [
    { name: 'url', type: 'url', help: 'Where its web server listens, such as http://127.0.0.1:8081.' },
    { name: 'apiKey', type: 'secret', help: 'Its setting api-key.' },
    { name: 'serverId', type: 'text', default: 'localhost', help: 'PowerDNS itself calls itself localhost.' },
    {
      name: 'account',
      type: 'text',
      default: 'innkeeper',
      help: 'Marks our zones there, 40 characters at most. Zones of another account, or of none, are left alone.',
    },
    {
      name: 'kind',
      type: 'Native | Master',
      default: 'Native',
      help: 'Master if secondaries fetch the zones by AXFR and are to be notified.',
    },
    {
      name: 'timeoutMilliseconds',
      type: 'milliseconds',
      default: 5000,
      help: 'How long a call may take, waiting for others not counted.',
    },
    {
      name: 'keptSets',
      type: 'count',
      default: 50_000,
      help: 'Record sets remembered; a zone that is forgotten is read from PowerDNS before it is changed.',
    },
  ],
  capabilities: ['udp', 'tcp', 'edns', 'wildcards', 'delegations', 'axfr', 'notify'],
  /** What the operator has to set in pdns.conf besides the back end, and what goes wrong otherwise. */
  settings: [
    { name: 'api', value: 'yes', why: 'The driver speaks to the HTTP API.' },
    { name: 'api-key', value: 'a long random text', why: 'The same as the option apiKey.' },
    { name: 'webserver', value: 'yes', why: 'The API is part of the web server.' },
    { name: 'webserver-allow-from', value: 'the address of this program', why: 'PowerDNS answers nobody else.' },
    {
      name: 'gsqlite3-dnssec (gmysql-dnssec, gpgsql-dnssec)',
      value: 'yes',
      why: 'Without it, a name that only has names below it does not exist (NXDOMAIN) instead of being empty (NODATA).',
    },
    {
      name: 'default-api-rectify',
      value: 'yes',
      why: 'The default. Without it, names that only have names below them are not entered.',
    },
    {
      name: 'cache-ttl, query-cache-ttl, negquery-cache-ttl',
      value: '0, or 1 where the back end is slow',
      why: 'PowerDNS drops what it cached of a zone when the zone changes, but a query under way can put the old answer back, for as long as this says.',
    },
  ],
  links: [
    'https://doc.powerdns.com/authoritative/http-api/',
    'https://doc.powerdns.com/authoritative/http-api/zone.html',
    'https://doc.powerdns.com/authoritative/settings.html',
  ],
} as const
