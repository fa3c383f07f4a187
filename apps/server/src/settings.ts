import { countryCodes, dialects, profileNames } from '@innkeeper/contract'
import { type TSchema, Type } from 'typebox'

/** One thing an operator can set. */
export interface Setting {
  /** Where it stands in Config and in the file: `port`, `dns.port`. */
  readonly key: string
  readonly schema: TSchema
  readonly meaning: string
  /** A shorter name for flag and environment than the key: `--data`, DATA. */
  readonly short?: string
  /** Never shown, neither in errors nor in logs. */
  readonly secret?: boolean
  /** Each item has to be an address or a network. */
  readonly networks?: boolean
}

const Text = Type.String({ minLength: 1, description: 'text' })
const Port = Type.Integer({ minimum: 0, maximum: 65_535, description: 'port, 0 for any free one' })
const List = Type.Array(Text, { description: 'list' })
const Networks = Type.Array(Text, { description: 'list of addresses or CIDR networks' })
const Seconds = Type.Integer({ minimum: 1, maximum: 2_147_483_647, description: 'seconds' })
const Mailbox = Type.String({ pattern: '^[^@\\s<>]+@[^@\\s<>]+$', description: 'e-mail address' })
const Days = Type.Integer({ minimum: 0, maximum: 3650, description: 'days' })
const Format = Type.String({
  pattern: '\\{n(:\\d{1,2})?\\}',
  minLength: 3,
  maxLength: 60,
  description: 'text with {n}',
})
const Truth = Type.Boolean({ description: 'true or false' })
const Url = Type.String({ pattern: '^https?://[^\\s/]+(/\\S*)?$', description: 'http or https URL' })

function oneOf(values: readonly string[]) {
  return Type.Union(
    values.map(value => Type.Literal(value)),
    { description: values.join(', ') },
  )
}

/** Who sells, as invoices name them. */
function sellerSettings(): Setting[] {
  const May = Type.String({ maxLength: 255, description: 'text' })
  const Country = Type.Enum([...countryCodes], { description: 'ISO 3166-1 code of a country' })
  return [
    { key: 'seller.name', schema: Text, meaning: 'Your name on invoices.' },
    { key: 'seller.address1', schema: May, meaning: 'Your street and house.' },
    { key: 'seller.city', schema: May, meaning: 'Your city.' },
    { key: 'seller.postcode', schema: May, meaning: 'Your postcode.' },
    { key: 'seller.state', schema: May, meaning: 'Your state, where invoices need it.' },
    { key: 'seller.country', schema: Country, meaning: 'Your country.' },
    { key: 'seller.email', schema: Mailbox, meaning: 'Your mailbox on invoices.' },
    { key: 'seller.phone', schema: May, meaning: 'Your telephone number on invoices.' },
    { key: 'seller.vatNumber', schema: May, meaning: 'Your VAT number; empty: you charge no VAT anywhere.' },
    { key: 'seller.registrationNumber', schema: May, meaning: 'Your number in the register of companies.' },
    { key: 'seller.iban', schema: May, meaning: 'Your bank account, for transfers.' },
    { key: 'seller.bic', schema: May, meaning: 'Its bank.' },
    { key: 'seller.logo', schema: Text, meaning: 'A PNG or JPEG file, for documents.' },
  ]
}

/** Every setting, in the order of docs/configuration.md. A test holds the keys equal to those of Config. */
export const settings: readonly Setting[] = [
  {
    key: 'dataDir',
    short: 'data',
    schema: Text,
    meaning: 'Folder of everything kept on disk: the embedded database, the master key, mail in demo mode.',
  },
  {
    key: 'databaseUrl',
    secret: true,
    schema: Type.String({ pattern: '^postgres(ql)?://\\S+$', description: 'postgres URL' }),
    meaning:
      'A PostgreSQL of your own, 15 or newer. Without it the server runs one in the data folder. DATABASE_URL is read too.',
  },
  {
    key: 'masterKey',
    secret: true,
    schema: Type.String({ pattern: '^[A-Za-z0-9+/_-]{43,}=*$', description: '32 bytes or more in base64' }),
    meaning:
      'Encrypts the secrets in the database. Without it the file master.key in the data folder does, made at first start; nodes that share a database share the key.',
  },
  {
    key: 'databasePoolSize',
    schema: Type.Integer({ minimum: 3, maximum: 500, description: '3 to 500' }),
    meaning: 'Connections to the database that requests share.',
  },
  { key: 'host', schema: Text, meaning: 'Address the HTTP server listens on.' },
  { key: 'port', short: 'port', schema: Port, meaning: 'Port the HTTP server listens on.' },
  {
    key: 'publicUrl',
    schema: Url,
    meaning: 'Where customers reach this, for documents and mails. Default: made of host and port.',
  },
  {
    key: 'profile',
    short: 'profile',
    schema: oneOf(profileNames),
    meaning: 'Which operations are served, and which sign-in is taken.',
  },
  {
    key: 'dialect',
    short: 'dialect',
    schema: oneOf(dialects),
    meaning: 'Answers as the published documents show them, or as recorded traffic does.',
  },
  { key: 'timeZone', schema: Text, meaning: 'IANA time zone of the dates in answers.' },
  { key: 'brandName', schema: Text, meaning: 'Your name, in documents and mails.' },
  { key: 'trustedProxies', schema: Networks, networks: true, meaning: 'Proxies whose X-Forwarded-For is believed.' },
  { key: 'metricsAllowedAddresses', schema: Networks, networks: true, meaning: 'Who may read /metrics.' },
  {
    key: 'logLevel',
    schema: oneOf(['fatal', 'error', 'warn', 'info', 'debug', 'silent']),
    meaning: 'Least severe messages to log.',
  },
  { key: 'accessTokenSeconds', schema: Seconds, meaning: 'Lifetime of an access token.' },
  { key: 'refreshTokenSeconds', schema: Seconds, meaning: 'Lifetime of a refresh token.' },
  {
    key: 'signupEnabled',
    schema: Type.Boolean({ description: 'true or false' }),
    meaning: 'Whether POST /signup opens accounts.',
  },
  {
    key: 'signupsPerHour',
    schema: Type.Integer({ minimum: 0, maximum: 1_000_000, description: 'number' }),
    meaning: 'Tries to open an account from one address (IPv6: one /64) within an hour; 0 for no limit.',
  },
  { key: 'dns.driver', schema: oneOf(['builtin', 'powerdns']), meaning: 'Which name server serves the zones.' },
  { key: 'dns.host', schema: Text, meaning: 'Address the built-in name server listens on.' },
  {
    key: 'dns.port',
    short: 'dns-port',
    schema: Port,
    meaning: 'Port the built-in name server listens on, UDP and TCP.',
  },
  {
    key: 'dns.nameServers',
    schema: Type.Array(Text, { minItems: 1, description: 'list of host names' }),
    meaning: 'NS records of every new zone; the first is the primary of its SOA.',
  },
  { key: 'dns.hostmaster', schema: Mailbox, meaning: 'Mailbox in the SOA of every zone.' },
  { key: 'dns.defaultTtlSeconds', schema: Seconds, meaning: 'TTL of records that name none.' },
  {
    key: 'dns.minTtlSeconds',
    schema: Type.Integer({ minimum: 0, maximum: 2_147_483_647, description: 'seconds' }),
    meaning: 'Least TTL a record may have.',
  },
  { key: 'dns.maxTtlSeconds', schema: Seconds, meaning: 'Greatest TTL a record may have.' },
  { key: 'dns.transferTo', schema: Networks, networks: true, meaning: 'Who may transfer zones (AXFR).' },
  { key: 'dns.notify', schema: List, meaning: 'Who is sent NOTIFY, as address:port.' },
  {
    key: 'dns.redirectAddresses',
    schema: Networks,
    networks: true,
    meaning: 'Addresses that URL and FRAME records point to.',
  },
  {
    key: 'dns.redirectPort',
    schema: Port,
    meaning: 'Port our web server for URL and FRAME records listens on; 0 for none.',
  },
  { key: 'dns.powerdnsUrl', schema: Url, meaning: 'HTTP API of PowerDNS, for the driver powerdns.' },
  { key: 'dns.powerdnsKey', secret: true, schema: Text, meaning: 'Its API key.' },
  {
    key: 'mail.smtpUrl',
    secret: true,
    schema: Type.String({ pattern: '^smtps?://\\S+$', description: 'smtp or smtps URL' }),
    meaning: 'Server that takes our mail. Without it mails are written to the data folder.',
  },
  { key: 'mail.from', schema: Text, meaning: 'Sender of our mail.' },
  ...sellerSettings(),
  {
    key: 'billing.currency',
    schema: Type.String({ pattern: '^[A-Z]{3}$', description: 'ISO 4217 code' }),
    meaning: 'Your own currency: that of new accounts and of the books.',
  },
  { key: 'billing.taxInclusive', schema: Truth, meaning: 'Whether prices of the catalogue hold the tax already.' },
  {
    key: 'billing.numberOn',
    schema: oneOf(['issue', 'payment']),
    meaning: 'When an invoice gets its final number; with payment it is a pro-forma until it is paid.',
  },
  {
    key: 'billing.invoiceNumber',
    schema: Format,
    meaning:
      'Form of invoice numbers: {year}, {month}, {n}, or {n:5} with leading zeros. Counting starts anew with each {year} or {month} in it; {month} needs {year} beside it.',
  },
  {
    key: 'billing.proformaNumber',
    schema: Format,
    meaning: 'Form of the numbers of pro-forma invoices; no two of the three forms may make the same number.',
  },
  { key: 'billing.creditNoteNumber', schema: Format, meaning: 'Form of the numbers of credit notes.' },
  { key: 'billing.dueDays', schema: Days, meaning: 'Days until the invoice of an order is due.' },
  {
    key: 'billing.renewalLeadDays',
    schema: Days,
    meaning: 'Days before a period begins at which its invoice is made.',
  },
  { key: 'billing.domainLeadDays', schema: Days, meaning: 'The same for domains.' },
  {
    key: 'billing.reminderDays',
    schema: Type.Array(Type.Integer({ minimum: -365, maximum: 365 }), { description: 'list of days' }),
    meaning: 'Days relative to the due day at which an unpaid invoice is reminded of; negative: before it.',
  },
  { key: 'billing.suspendAfterDays', schema: Days, meaning: 'Days overdue at which services are suspended.' },
  {
    key: 'billing.terminateAfterDays',
    schema: Days,
    meaning: 'Days overdue at which services are terminated; more than billing.suspendAfterDays.',
  },
  { key: 'billing.cancelOrderAfterDays', schema: Days, meaning: 'Days overdue at which an unpaid order is cancelled.' },
  {
    key: 'billing.maxOpenOrders',
    schema: Type.Integer({ minimum: 0, maximum: 1_000_000, description: 'number' }),
    meaning: 'Orders of one account that may wait for their payment at a time; 0 for no limit.',
  },
  {
    key: 'billing.collectionsAfterDays',
    schema: Days,
    meaning: 'Days overdue at which an invoice goes to collections.',
  },
  {
    key: 'billing.lateFeePercent',
    schema: Type.Number({ minimum: 0, maximum: 100, description: 'percent' }),
    meaning: 'Late fee in percent of what is due, charged once.',
  },
  {
    key: 'billing.lateFeeAfterDays',
    schema: Days,
    meaning: 'Days overdue at which the late fee is charged; 0: never.',
  },
  { key: 'billing.mergeRenewals', schema: Truth, meaning: 'Whether renewals of one day stand on one invoice.' },
  { key: 'billing.paper', schema: oneOf(['A4', 'Letter']), meaning: 'Paper of PDF documents.' },
  {
    key: 'billing.smallEuSeller',
    schema: Truth,
    meaning: 'You sell less than 10 000 EUR a year to consumers in other EU states, who then pay your own VAT rate.',
  },
  {
    key: 'payment.stripeSecretKey',
    secret: true,
    schema: Text,
    meaning: 'Secret key of Stripe; without it, no cards.',
  },
  { key: 'payment.stripeWebhookSecret', secret: true, schema: Text, meaning: 'Signing secret of its webhooks.' },
  { key: 'payment.stripeUrl', schema: Url, meaning: 'Where the API of Stripe is.' },
  { key: 'vat.viesUrl', schema: Url, meaning: 'The REST service of VIES, which checks VAT numbers of the EU.' },
  {
    key: 'testMode',
    schema: Truth,
    meaning: 'Lets the business clock be moved (POST /api/test/clock). Never where real money is billed.',
  },
]

/** `dns.powerdnsUrl` → `dns-powerdns-url`: the name of the flag. */
export function flagName({ key, short }: Setting): string {
  return short ?? dashed(key)
}

function dashed(key: string): string {
  return key.replaceAll('.', '-').replaceAll(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)
}

/** The environment variables of a setting, the most specific first: INNKEEPER_DNS_PORT, DNS_PORT. */
export function variableNames({ short, key }: Setting): string[] {
  const upper = (name: string) => name.replaceAll('-', '_').toUpperCase()
  const full = `INNKEEPER_${upper(dashed(key))}`
  if (key === 'databaseUrl') return [full, 'DATABASE_URL']
  return short === undefined ? [full] : [full, upper(short)]
}
