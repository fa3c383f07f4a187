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
  readonly seller: SellerConfig
  readonly billing: BillingConfig
  readonly payment: PaymentConfig
  readonly vat: VatConfig
  /** Lets the business clock be moved. Never on an installation that bills. */
  readonly testMode: boolean
}

/** Who sells: what invoices name. */
export interface SellerConfig {
  readonly name: string
  readonly address1: string
  readonly city: string
  readonly postcode: string
  readonly state: string
  /** ISO 3166-1 alpha-2. */
  readonly country: string
  readonly email: string
  readonly phone: string
  /** Empty: the seller charges no VAT anywhere. */
  readonly vatNumber: string
  readonly registrationNumber: string
  readonly iban: string
  readonly bic: string
  /** A PNG or JPEG file for documents. */
  readonly logo?: string
}

export interface BillingConfig {
  /** The provider's own currency, ISO 4217: that of new accounts and of its books. */
  readonly currency: string
  /** Prices of the catalogue hold the tax already. */
  readonly taxInclusive: boolean
  /** When an invoice gets its final number; with `payment` it is a pro-forma until then. */
  readonly numberOn: 'issue' | 'payment'
  /** With {year}, {month}, {n} and {n:5} for leading zeros; counting starts anew with each {year} or {month} in it. */
  readonly invoiceNumber: string
  readonly proformaNumber: string
  readonly creditNoteNumber: string
  /** Days from the issue of an order's invoice until it is due. */
  readonly dueDays: number
  /** Days before the end of the paid period at which the invoice of the next is made; domains have their own. */
  readonly renewalLeadDays: number
  readonly domainLeadDays: number
  /** Days relative to the due day at which unpaid invoices are reminded of; negative: before it. */
  readonly reminderDays: readonly number[]
  readonly suspendAfterDays: number
  readonly terminateAfterDays: number
  readonly cancelOrderAfterDays: number
  /** Orders of one account that may wait for their payment at a time; 0: any number. */
  readonly maxOpenOrders: number
  readonly collectionsAfterDays: number
  /** Percent of what is due, charged once when overdue for that many days; 0 days: never. */
  readonly lateFeePercent: number
  readonly lateFeeAfterDays: number
  /** Renewals of one account on one day stand on one invoice. */
  readonly mergeRenewals: boolean
  /** Paper of PDF documents. */
  readonly paper: 'A4' | 'Letter'
  /** Sells below the threshold of article 59c: consumers in other EU states pay the seller's own rate. */
  readonly smallEuSeller: boolean
}

export interface PaymentConfig {
  readonly stripeSecretKey?: string
  readonly stripeWebhookSecret?: string
  readonly stripeUrl: string
}

export interface VatConfig {
  /** Where VAT numbers of the EU are checked: the REST service of VIES. */
  readonly viesUrl: string
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
    seller: {
      name: 'Innkeeper',
      address1: '',
      city: '',
      postcode: '',
      state: '',
      country: 'EE',
      email: 'billing@example.net',
      phone: '',
      vatNumber: '',
      registrationNumber: '',
      iban: '',
      bic: '',
    },
    billing: {
      currency: 'EUR',
      taxInclusive: false,
      numberOn: 'issue',
      invoiceNumber: '{year}/{month}/{n}',
      proformaNumber: 'P{year}/{n}',
      creditNoteNumber: 'C{year}/{n}',
      dueDays: 7,
      renewalLeadDays: 14,
      domainLeadDays: 30,
      reminderDays: [-3, 1, 3],
      suspendAfterDays: 4,
      terminateAfterDays: 21,
      cancelOrderAfterDays: 7,
      maxOpenOrders: 50,
      collectionsAfterDays: 30,
      lateFeePercent: 0,
      lateFeeAfterDays: 0,
      mergeRenewals: true,
      paper: 'A4',
      smallEuSeller: false,
    },
    payment: { stripeUrl: 'https://api.stripe.com' },
    vat: { viesUrl: 'https://ec.europa.eu/taxation_customs/vies/rest-api' },
    testMode: false,
  }
}
