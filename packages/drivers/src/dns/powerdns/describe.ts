import type { DriverDescription } from '../../kit/describe.ts'
import type { PowerDnsOptions } from './driver.ts'

/** PowerDNS as data, for the admin form, the docs page and the registry of drivers. */
export const powerDnsDescription = {
  name: 'powerdns',
  title: 'PowerDNS Authoritative Server 4.7 or later, by its HTTP API',
  options: [
    { name: 'url', type: 'url', help: 'Where its web server listens, such as http://127.0.0.1:8081.' },
    { name: 'apiKey', type: 'text', secret: true, help: 'Its setting api-key.' },
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
  settings: [
    { name: 'api', value: 'yes', why: 'The driver speaks to the HTTP API.' },
    { name: 'api-key', value: 'a long random text', why: 'The same as the option apiKey.' },
    { name: 'webserver', value: 'yes', why: 'The API is part of the web server.' },
    { name: 'webserver-allow-from', value: 'the address of this program', why: 'PowerDNS answers nobody else.' },
    {
      name: 'cache-ttl, query-cache-ttl, negquery-cache-ttl',
      value: '0, or 1 where the back end is slow',
      why: 'A change makes PowerDNS drop what it cached of the zone, but a query under way may put the old answer back, for as long as this says: with the defaults 20 to 60 seconds.',
    },
  ],
  limits: [
    'LOC holds altitudes and sizes below 2^31 centimetres, about 21 475 km; above, PowerDNS refuses the zone.',
    'SVCB and HTTPS parameters with a semicolon or brackets in them are refused by PowerDNS 4.7.',
    'The list of zones comes in one piece.',
    'After each change of a zone PowerDNS goes through all its records: a tenth of a second for 10 000, or more on a busy machine.',
  ],
  links: [
    'https://doc.powerdns.com/authoritative/http-api/',
    'https://doc.powerdns.com/authoritative/http-api/zone.html',
    'https://doc.powerdns.com/authoritative/settings.html',
  ],
} as const satisfies DriverDescription<keyof PowerDnsOptions>
