import type { Dialect, ProfileName } from '@innkeeper/contract'

/** What an operator can set (docs/configuration.md). Read once, checked once, by loadConfig. */
export interface Config {
  /** Folder of everything this installation keeps on disk: the embedded database, the master key, mail in demo mode. */
  readonly dataDir: string
  /** PostgreSQL URL; undefined: the embedded server in dataDir. */
  readonly databaseUrl?: string
  /** Base64 of 32 bytes or more that encrypt secrets in the database; undefined: the file master.key in dataDir. */
  readonly masterKey?: string
  readonly databasePoolSize: number
  readonly host: string
  readonly port: number
  /** The address customers reach this at, without trailing slash; the documents and mails show it. */
  readonly publicUrl: string
  readonly profile: ProfileName
  readonly dialect: Dialect
  /** IANA time zone of the brand; dates on the wire are in it. */
  readonly timeZone: string
  readonly brandName: string
  /** Trust X-Forwarded-For from these addresses (CIDR list). */
  readonly trustedProxies: readonly string[]
  /** Addresses (CIDR list) that may read /metrics. */
  readonly metricsAllowedAddresses: readonly string[]
  readonly logLevel: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'silent'
  readonly accessTokenSeconds: number
  readonly refreshTokenSeconds: number
  readonly signupEnabled: boolean
  /** Tries to open an account from one address (IPv6: one /64) within an hour; 0: any number. */
  readonly signupsPerHour: number
  readonly dns: DnsConfig
  readonly mail: MailConfig
}

export interface DnsConfig {
  readonly driver: 'builtin' | 'powerdns'
  readonly host: string
  readonly port: number
  /** Name servers every new zone gets as NS records; the first is the SOA primary. */
  readonly nameServers: readonly string[]
  /** Mailbox of the SOA, as an e-mail address. */
  readonly hostmaster: string
  readonly defaultTtlSeconds: number
  readonly minTtlSeconds: number
  readonly maxTtlSeconds: number
  /** Addresses that may transfer zones (AXFR), and that are sent NOTIFY (address:port). */
  readonly transferTo: readonly string[]
  readonly notify: readonly string[]
  /** Addresses of the web server that answers URL and FRAME records; and the port ours listens on (0: off). */
  readonly redirectAddresses: readonly string[]
  readonly redirectPort: number
  readonly powerdnsUrl?: string
  readonly powerdnsKey?: string
}

export interface MailConfig {
  /** smtp://user:password@host:port; undefined: mails are written to dataDir/mail as .eml files. */
  readonly smtpUrl?: string
  readonly from: string
}

/** Every setting with its default; tests and loadConfig start from it. */
export function defaultConfig(dataDir: string): Config {
  return {
    dataDir,
    databasePoolSize: 10,
    host: '127.0.0.1',
    port: 8080,
    publicUrl: 'http://127.0.0.1:8080',
    profile: 'full',
    dialect: 'documented',
    timeZone: 'UTC',
    brandName: 'Innkeeper',
    trustedProxies: [],
    metricsAllowedAddresses: ['127.0.0.0/8', '::1/128'],
    logLevel: 'info',
    accessTokenSeconds: 900,
    refreshTokenSeconds: 30 * 86_400,
    signupEnabled: true,
    signupsPerHour: 20,
    dns: {
      driver: 'builtin',
      host: '127.0.0.1',
      port: 5353,
      nameServers: ['ns1.example.net', 'ns2.example.net'],
      hostmaster: 'hostmaster@example.net',
      defaultTtlSeconds: 3600,
      minTtlSeconds: 60,
      maxTtlSeconds: 2_147_483_647,
      transferTo: [],
      notify: [],
      redirectAddresses: ['127.0.0.1'],
      redirectPort: 0,
    },
    mail: { from: 'Innkeeper <noreply@example.net>' },
  }
}
